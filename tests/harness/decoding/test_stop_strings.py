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


def test_no_stop_string_cuts_a_thought() -> None:
    said = "<think>one\n\nQ: two</think> three\n\nQ: four"
    assert cut_at(said, ("\n\nQ:",)) == "<think>one\n\nQ: two</think> three"
    assert cut_at("<think>one\n\nQ: two", ("\n\nQ:",)) == "<think>one\n\nQ: two"
    assert cut_at("one\n\nQ: two</think> three", ("\n\nQ:",)) == "one\n\nQ: two</think> three"
    assert cut_at("<think>\n\n</think>\n\nfour", ("\n\n",)) == "<think>\n\n</think>"


def test_a_student_that_thinks_is_not_stopped_until_it_says_the_stop_string() -> None:
    pieces = ["<think>", "\n\nQ:", "</think>", "four"]
    ends = ends_at(("\n\nQ:",), lambda ids: "".join(pieces[i] for i in ids))
    written: list[int] = []
    stopped = [ends(written) for token in (0, 1, 3, 1, 2, 3, 1) if not written.append(token)]  # type: ignore[func-returns-value]
    assert stopped == [False] * 6 + [True]


def test_a_text_is_decoded_whole_only_where_a_stop_string_stands_at_its_end() -> None:
    lengths: list[int] = []

    def counted(ids: Sequence[int]) -> str:
        lengths.append(len(ids))
        return to_text(ids)

    ends = ends_at(("\n\nQ:",), counted)
    assert not any(ends([0] * n) for n in range(1, 200))
    assert max(lengths) == len("\n\nQ:")
