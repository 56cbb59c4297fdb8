"""What hides in a text is spelt out; what belongs to it stays."""

from __future__ import annotations

import pytest

from tasks.visible import visible, visible_lines


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("a\x1b[2J", "a\\x1b[2J"),
        ("a\x00\x7f\x9b", "a\\x00\\x7f\\x9b"),
        ("a\nb\tc\r", "a\\x0ab\\x09c\\x0d"),
        ("\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"),
        ("a\u200bb\ufeff", "a\\u200bb\\ufeff"),
        ("\ud800\ufffe\U0001ffff", "\\ud800\\ufffe\\U0001ffff"),
        ("\u2028", "\\u2028"),
    ],
)
def test_hidden_characters_are_spelt_out(hidden: str, shown: str) -> None:
    assert visible(hidden) == shown


@pytest.mark.parametrize("text", ["", "std_cot − α", "日本語", "नमस्ते", "👩‍🔬", "a b"])
def test_readable_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == visible_lines(text) == text


def test_a_text_keeps_its_lines() -> None:
    assert visible_lines("a\r\n\tb\x1b") == "a\n\tb\\x1b"
