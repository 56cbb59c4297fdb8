"""Each method's training rows and how its student is asked."""

from dataclasses import replace

import pytest
from small_students import make_pairs, make_records

from tasks.errors import UserError
from tasks.problem import question_prompt
from tasks.records.record import CoTRecord, WrongChain
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
    dual=WrongChain("Because A.", "(A)"),
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
        ("rectified", [f"{Q}⟨target⟩ Because B.⟨target⟩{CUE}⟨target⟩ (B)⏎"]),
        (
            "scott",
            [
                f"[Factual] {Q}⟨factual⟩ Because B.⟨factual⟩{CUE}⟨factual⟩ (B)⏎",
                f"[Counterfactual] {Q} Because A.{CUE}⟨counterfactual⟩ (A)⏎",
            ],
        ),
        (
            "edit",
            [
                f"{Q}⟨right⟩ Because B.⟨right⟩{CUE}⟨right⟩ (B)⏎",
                f"{Q}⟨wrong⟩ Because A.⟨wrong⟩{CUE}⟨wrong⟩ (A)⏎",
            ],
        ),
        ("dft", [f"{Q}⟨target⟩ Because B.⟨target⟩{CUE}⟨target⟩ (B)⏎"]),
        ("cot_only", [f"{Q}⟨target⟩ Because B.⏎"]),
        ("post_thinking", [f"{Q}⟨target⟩{CUE}⟨target⟩ (B)⟨target⟩\nBecause B.⏎"]),
    ],
)
def test_training_rows(name, rows):
    assert spelled(name) == rows


@pytest.mark.parametrize("name", [n for n in method_names() if load_method(n).rows])
def test_a_student_is_asked_with_the_prompt_it_was_trained_on(name):
    method = load_method(name)
    assert method.prefix + Q + method.suffix in [row[0].text for row in method.rows(RECORD)]


@pytest.mark.parametrize("name", [n for n in method_names() if load_method(n).rows])
def test_options_that_a_question_lacks_are_shown_in_training_as_in_asking(name):
    record = replace(RECORD, options=("hen", "owl"))
    asked = question_prompt(record.description, record.problem("choice").question)
    assert "Which?\nOptions:\n(A) hen\n(B) owl\n\nA:" in asked
    method = load_method(name)
    assert method.prefix + asked + method.suffix in [row[0].text for row in method.rows(record)]


@pytest.mark.parametrize("name", method_names())
def test_file_name_is_method_name_and_weights_above_zero_sum_to_one(name):
    method = load_method(name)
    assert method.name == name
    assert sum(w for w in method.weights(0.3).values() if w > 0) == pytest.approx(1)


@pytest.mark.parametrize("name", [n for n in method_names() if load_method(n).rows])
def test_every_group_of_a_row_has_a_weight(name):
    method = load_method(name)
    groups = {s.group for row in method.rows(RECORD) for s in row if s.group}
    assert groups == set(method.weights(0.3)) - {method.shared}


def test_a_wrong_chain_is_trained_on_behind_its_marker():
    method = load_method("std_cot_dual")
    right, wrong = method.chosen([RECORD])
    assert [method.rows(r)[0][0].prefix for r in (right, wrong)] == [
        "",
        "[Counterfactual Reasoning] ",
    ]
    assert "".join(s.text for s in method.rows(wrong)[0][1:]) == f" Because A.{CUE} (A)"


PAIRS = make_pairs(12)


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("std_cot", lambda r: not r.rectified),
        ("cascod", lambda r: not r.rectified),
        ("rectified", lambda r: True),
        ("scott", lambda r: True),
        ("edit", lambda r: r.dual is not None),
    ],
)
def test_each_method_has_its_records(name, sees):
    assert load_method(name).chosen(PAIRS) == [r for r in PAIRS if sees(r)]


def test_the_repeated_control_is_as_large_as_the_dual_one_and_repeats_evenly():
    repeated = [r.id for r in load_method("std_cot_repeated").chosen(PAIRS)]
    assert len(repeated) == len(load_method("std_cot_dual").chosen(PAIRS)) == 21
    own = {r.id for r in load_method("std_cot").chosen(PAIRS)}
    assert set(repeated) == own
    assert {repeated.count(name) for name in own} == {21 // len(own), 21 // len(own) + 1}
    assert repeated == [r.id for r in load_method("std_cot_repeated").chosen(PAIRS[::-1])]


@pytest.mark.parametrize("name", ["std_cot_dual", "std_cot_repeated", "scott", "edit"])
def test_methods_that_learn_from_wrong_chains_refuse_records_without_any(name):
    with pytest.raises(UserError, match=r"none of 3 training records has one .*cascod data pair"):
        load_method(name).chosen(make_records(3))


def test_a_method_of_first_tries_refuses_records_that_are_all_rectified():
    with pytest.raises(UserError, match="std_cot trains on first tries, and all 1"):
        load_method("std_cot").chosen([replace(RECORD, rectified=True)])


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
