"""Each method's training rows and how its student is asked."""

from dataclasses import replace

import pytest

from tasks.errors import UserError
from tasks.problem import question_prompt
from tasks.records.record import CoTRecord
from trainers.methods import load_method, method_names

RECORD = CoTRecord(
    id="t/0",
    task="t",
    description="Do it.",
    question="Which?",
    answer="(B)",
    rationale=" Because B. ",
    teacher="x",
    teacher_answer="(B)",
    teacher_correct=True,
)
Q = "Task Description:\nDo it.\nQ:Which?\n\nA:"
CUE = "\nTherefore, the answer is"


def spelled(name):
    """Rows as text with ⟨group⟩ before each target and ⏎ where EOS is learned."""
    return [
        "".join((f"⟨{s.group}⟩" if s.group else "") + s.text + ("⏎" if s.eos else "") for s in row)
        for row in load_method(name).rows(RECORD)
    ]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("answer_sft", [f"{Q}⟨target⟩ (B)⏎"]),
        ("std_cot", [f"{Q}⟨target⟩ Because B.⟨target⟩{CUE}⟨target⟩ (B)⏎"]),
        ("weighted_std_cot", [f"{Q}⟨rationale⟩ Because B.⟨rationale⟩{CUE}⟨answer⟩ (B)⏎"]),
        ("cascod", [f"{Q}\nRationale:⟨rationale⟩ Because B.⏎{CUE}⟨answer⟩ (B)⏎"]),
        (
            "mt_cot",
            [
                f"{Q}\n[Explanation Generation]:"
                f"⟨rationale⟩ Because B.⟨rationale⟩{CUE}⟨rationale⟩ (B)⏎",
                f"{Q}\n[Answer Prediction]:⟨answer⟩ (B)⏎",
            ],
        ),
        (
            "step_by_step",
            [f"{Q}\nRationale:⟨rationale⟩ Because B.⏎", f"{Q}\nAnswer:⟨answer⟩ (B)⏎"],
        ),
    ],
)
def test_training_rows(name, rows):
    assert spelled(name) == rows


@pytest.mark.parametrize("name", [n for n in method_names() if load_method(n).rows])
def test_a_student_is_asked_with_the_prompt_it_was_trained_on(name):
    method = load_method(name)
    assert Q + method.suffix in [row[0].text for row in method.rows(RECORD)]


@pytest.mark.parametrize("name", [n for n in method_names() if load_method(n).rows])
def test_options_that_a_question_lacks_are_shown_in_training_as_in_asking(name):
    record = replace(RECORD, options=("hen", "owl"))
    asked = question_prompt(record.description, record.problem("choice").question)
    assert "Which?\nOptions:\n(A) hen\n(B) owl\n\nA:" in asked
    method = load_method(name)
    assert asked + method.suffix in [row[0].text for row in method.rows(record)]


@pytest.mark.parametrize("name", method_names())
def test_file_name_is_method_name_and_weights_sum_to_one(name):
    method = load_method(name)
    assert method.name == name
    assert sum(method.weights(0.3).values()) == pytest.approx(1)


@pytest.mark.parametrize("name", [n for n in method_names() if load_method(n).rows])
def test_every_group_of_a_row_has_a_weight(name):
    method = load_method(name)
    groups = {s.group for row in method.rows(RECORD) for s in row if s.group}
    assert groups == set(method.weights(0.3))


def test_a_wrong_teachers_student_learns_the_teachers_answer():
    wrong = CoTRecord(
        **{f: getattr(RECORD, f) for f in RECORD.__dataclass_fields__}
        | {"teacher_answer": "(A)", "teacher_correct": False}
    )
    assert load_method("std_cot").rows(wrong)[0][-1].text == " (A)"


def test_unknown_method_names_the_closest():
    with pytest.raises(UserError, match="did you mean 'cascod'"):
        load_method("cascode")


@pytest.mark.parametrize(
    ("composed", "whole"),
    [
        ("cascade+weights+eos", "cascod"),
        ("cascade+cue_loss+one_stage+plain_prompt", "std_cot"),
        ("cascade+weights+cue_loss+one_stage+plain_prompt", "weighted_std_cot"),
    ],
)
def test_methods_composed_of_ingredients_are_the_known_ones(composed, whole):
    parts, method = load_method(composed), load_method(whole)
    assert (parts.ingredients, method.ingredients) == (frozenset(composed.split("+")[1:]), None)
    assert spelled(composed) == spelled(whole)
    assert (parts.suffix, parts.cascade, parts.weights) == (
        method.suffix,
        method.cascade,
        method.weights,
    )


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("cascade", f"⟨target⟩ Because B.{CUE}⟨target⟩ (B)⏎"),
        ("cascade+eos", f"⟨target⟩ Because B.⏎{CUE}⟨target⟩ (B)⏎"),
        ("cascade+eos+cue_loss", f"⟨target⟩ Because B.⏎⟨target⟩{CUE}⟨target⟩ (B)⏎"),
        ("cascade+weights+cue_loss", f"⟨rationale⟩ Because B.⟨rationale⟩{CUE}⟨answer⟩ (B)⏎"),
    ],
)
def test_each_ingredient_changes_one_thing(name, row):
    assert spelled(name) == [f"{Q}\nRationale:{row}"]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("cascade+weight", "any of: weights, eos"),
        ("cascade+eos+eos", "each once"),
        ("cascade+eos+cue_loss+one_stage", "never reach an answer"),
        ("cascade+one_stage", "never reach an answer"),
    ],
)
def test_ingredients_that_cannot_be_are_refused(name, fault):
    with pytest.raises(UserError, match=fault):
        load_method(name)
