"""Where a logged rationale goes wrong, whoever logged it."""

from __future__ import annotations

import pytest

from reports.logs.sample_texts import Texts
from reports.reasoning.error_kinds import count_errors
from reports.reasoning.first_error import FirstError, first_error
from reports.reasoning.logged_chain import asked_last, logged_chain, output_chain
from tasks.procedural.suite import training_records
from tasks.quality.assess import assess, first_wrong_step

PROMPT = "Q: What is 2 + 2?\nA: 4.\n\nQ: Solve ((2 + 3) * (4 - 1)) =\nA:"


def found(rationale: str, *, is_cut: bool = False) -> FirstError:
    error = first_error(logged_chain(None, PROMPT, rationale, None, is_cut=is_cut))
    assert error is not None
    return error


@pytest.mark.parametrize(
    ("prompt", "question"),
    [
        (PROMPT, "Solve ((2 + 3) * (4 - 1)) ="),
        ("Task Description:\nAdd.\nQ:1 + 1?\n\nA:\nRationale:", "1 + 1?"),
        (
            "Q: Which?\nA: red\nB: blue\n\nAnswer: Let's think step by step.",
            "Which?\nA: red\nB: blue",
        ),
        ("Question: How many?\nAnswer:", "How many?"),
        ("How many?", "How many?"),
        ("", ""),
    ],
)
def test_the_question_is_the_last_that_a_prompt_asks(prompt: str, question: str) -> None:
    assert asked_last(prompt) == question


def test_an_output_is_looked_at_up_to_its_answer() -> None:
    said = "(2 + 3) * (4 - 1) = 5 * 3.\n5 * 3 = 15. The answer is 12."
    chain = output_chain(Texts(PROMPT, "15", said))
    assert chain.steps[-1] == "5 * 3 = 15."
    assert first_error(chain) is None


def test_an_answer_is_held_against_the_conclusion_where_its_type_is_known() -> None:
    doc = {"question": "How many?", "answer_type": "number", "options": []}
    said = "There are 3 and 4 more.\nThat makes 7."
    error = first_error(logged_chain(doc, "", said, "8"))
    assert error is not None
    assert (error.step, error.kind) == (1, "against its own conclusion")
    assert first_error(logged_chain(doc, "", said, "7")) is None
    assert first_error(logged_chain({"answer_type": []}, "", said, "8")) is None


def test_a_rationale_that_was_cut_off_stopped_early_unless_it_was_wrong_before() -> None:
    assert found("2 + 3 = 5.\n4 - 1 =", is_cut=True).kind == "stopped early"
    assert found("2 + 3 = 6.\n4 - 1 =", is_cut=True).kind == "arithmetic slip"


def test_of_a_long_rationale_the_steps_around_the_error_are_shown() -> None:
    steps = [f"{n} + 1 = {n + 1}." for n in range(30)]
    steps[20] = "20 + 1 = 22."
    error = found("\n".join(steps))
    assert error.step == 20
    assert error.steps[error.step - error.first] == "20 + 1 = 22."
    assert error.steps == tuple(steps[12:24])


def test_the_step_beside_is_the_one_that_says_most_nearly_the_same() -> None:
    error = found("2 + 3 = 5.\n4 - 1 = 2.\n5 * 2 = 10.")
    sound = logged_chain(None, PROMPT, "I begin.\n2 + 3 = 5.\nNow 4 - 1 = 3.\n5 * 3 = 15.", None)
    beside = error.with_right_step("another", sound).beside
    assert beside is not None
    assert (beside.whose, beside.text) == ("another", "Now 4 - 1 = 3.")
    silent = logged_chain(None, PROMPT, "", None)
    assert error.with_right_step("another", silent).beside is None


def test_it_is_the_step_that_the_score_of_a_teacher_s_rationale_names() -> None:
    for record in training_records(seed=1, per_family=6, noise=0.5):
        doc = record.problem("free_text").to_doc("embedded", "ind")
        chain = logged_chain(doc, "", record.rationale, record.teacher_answer)
        assert first_wrong_step(chain) == assess(chain).wrong


def test_wrong_answers_are_counted_by_their_first_error_and_lucky_ones_apart() -> None:
    rationales = [("2 + 3 = 6.", False), ("I guess.", False), ("2 + 3 = 7.", True), ("5.", True)]
    outputs = ((logged_chain(None, PROMPT, said, None), right) for said, right in rationales)
    counts = count_errors("a student", outputs)
    assert (counts.outputs, counts.wrong, counts.not_found, counts.lucky) == (4, 2, 1, 1)
    assert {kind: n for kind, n in counts.kinds.items() if n} == {"arithmetic slip": 1}
