"""What of a student's text is rationale, what is answer, and which of them ran into its limit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from harness.decoding.stages import Response
from harness.evaluation.reply import cascade_reply, single_stage_reply
from tasks.scoring.score import score

CUE = "\nTherefore, the answer is"


def to_text(ids: Sequence[int]) -> str:
    return "".join(map(chr, ids))


def ids(text: str) -> tuple[int, ...]:
    return tuple(map(ord, text))


def test_a_cascade_keeps_its_parts() -> None:
    response = Response(ids(" Two and two."), ids(" 4"), False, True)
    reply = cascade_reply("q", 1, response, ids(CUE), (), to_text)
    assert reply.completion == f" Two and two.{CUE} 4"
    assert reply.rationale == "Two and two."
    assert (reply.rationale_tokens, reply.answer_tokens) == (13, 2)
    assert (reply.rationale_truncated, reply.answer_truncated) == (False, True)


def test_stop_strings_cut_a_cascade_s_answer_but_not_its_rationale() -> None:
    response = Response(ids(" a\n\nQ: b"), ids(" 4\n\nQ: more"), False, False)
    reply = cascade_reply("q", 1, response, ids(CUE), ("\n\nQ:",), to_text)
    assert reply.completion == f" a\n\nQ: b{CUE} 4"


def test_one_text_is_split_at_the_cue_the_student_writes() -> None:
    response = Response((), ids(f" Two.{CUE} 4"), False, True)
    reply = single_stage_reply("q", 1, "", response, (), to_text)
    assert reply.rationale == "Two."
    assert reply.rationale_tokens == len(f" Two.{CUE}")
    assert reply.answer_tokens == 2
    assert (reply.rationale_truncated, reply.answer_truncated) == (False, True)


def test_without_a_cue_all_is_rationale() -> None:
    reply = single_stage_reply("q", 1, "", Response((), ids(" Two."), False, True), (), to_text)
    assert (reply.rationale, reply.rationale_tokens, reply.answer_tokens) == ("Two.", 5, 0)
    assert (reply.rationale_truncated, reply.answer_truncated) == (True, False)


@pytest.mark.parametrize("suffix", [" The answer is", "\n[Answer Prediction]:", "\nAnswer:"])
@pytest.mark.parametrize("text", [" (B)", "(B)"])
def test_after_a_prompt_that_ends_in_a_cue_all_is_answer(suffix: str, text: str) -> None:
    reply = single_stage_reply("q", 1, suffix, Response((), ids(text), False, True), (), to_text)
    assert reply.completion.startswith(suffix)
    assert (reply.rationale, reply.rationale_tokens) == ("", 0)
    assert reply.answer_tokens == len(text)
    assert (reply.rationale_truncated, reply.answer_truncated) == (False, True)


def test_a_thought_is_the_rationale_and_cues_inside_it_are_not_the_student_s_answer() -> None:
    text = " <think>The answer is 5? No.</think>\n4"
    reply = single_stage_reply("q", 1, "", Response((), ids(text), False, True), (), to_text)
    assert reply.rationale == "The answer is 5? No."
    assert (reply.rationale_tokens, reply.answer_tokens) == (len(text) - 2, 2)
    assert (reply.rationale_truncated, reply.answer_truncated) == (False, True)


@pytest.mark.parametrize("ran_out", [True, False])
def test_a_thought_without_an_end_is_truncated_where_it_met_the_limit(ran_out: bool) -> None:
    text = " <think>The answer is 4. Let me"
    reply = single_stage_reply("q", 1, "", Response((), ids(text), False, ran_out), (), to_text)
    assert (reply.rationale_tokens, reply.answer_tokens) == (len(text), 0)
    assert (reply.rationale_truncated, reply.answer_truncated) == (ran_out, False)


def test_a_thought_that_a_cascade_leaves_open_is_closed_and_its_answer_counts() -> None:
    response = Response(ids(" <think>Two"), ids(" 4"), False, False)
    reply = cascade_reply("q", 1, response, ids(f"</think>{CUE}"), (), to_text)
    assert reply.completion == f" <think>Two</think>{CUE} 4"
    assert score(reply.completion, ["4"], "number").correct
    assert not reply.rationale_truncated


def test_a_forced_answer_stands_behind_what_was_written() -> None:
    response = Response((), ids(" Two and"), False, True, ids(" 4\n\nQ: b"))
    reply = single_stage_reply("q", 1, "", response, ("\n\nQ:",), to_text, ids(CUE))
    assert reply.completion == f" Two and{CUE} 4"
    assert (reply.as_written, reply.raw, reply.answer_forced) == (" Two and", " Two and", True)
    assert reply.rationale == "Two and"
    assert (reply.rationale_tokens, reply.answer_tokens) == (8, len(" 4\n\nQ: b"))
    assert (reply.rationale_truncated, reply.answer_truncated) == (True, False)


def test_an_open_thought_is_closed_before_the_forced_answer() -> None:
    response = Response((), ids("<think>Is the answer 5?"), False, True, ids(" 4"))
    cue = ids(f"</think>{CUE}")
    reply = single_stage_reply("q", 1, "", response, (), to_text, cue)
    assert not score(reply.as_written, ["4"], "number").parse_ok
    assert score(reply.completion, ["4"], "number").correct
    assert reply.rationale == "Is the answer 5?"


def test_nothing_is_forced_on_a_text_that_a_stop_string_ends() -> None:
    response = Response((), ids(" Two.\n\nQ: And"), False, True, ids(" 4"))
    reply = single_stage_reply("q", 1, "", response, ("\n\nQ:",), to_text, ids(CUE))
    assert reply.completion == reply.as_written == " Two."
    assert reply.raw == " Two.\n\nQ: And"
    assert not reply.answer_forced
