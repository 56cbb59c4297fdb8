"""Stop strings cut a text, and are seen as soon as a student has written one."""

from __future__ import annotations

from collections.abc import Sequence

from harness.decoding.stop_strings import cut_at, ends_at

PIECES = ["a", "\n", "\nQ", ":", "b\n\nQ: c", "é", "\n\n"]


def to_text(ids: Sequence[int]) -> str:
    return "".join(PIECES[i] for i in ids)


def test_text_is_cut_at_whichever_stop_string_comes_first() -> None:
    assert cut_at("one STOP two END", ("END", "STOP")) == "one "
    assert cut_at("one", ("END",)) == "one"
    assert cut_at("one", ()) == "one"


def test_a_stop_string_is_seen_however_it_is_cut_into_tokens() -> None:
    ends = ends_at(("\n\nQ:", "é"), to_text)
    assert not ends([0, 1])
    assert not ends([0, 1, 2])
    assert ends([0, 1, 2, 3])
    assert ends([0, 0, 0, 0, 0, 4])
    assert ends([0, 5])
    assert not ends([0, 6, 0])
