"""The strict and the exact rule, on invented completions and on hand-labelled real ones."""

import json
import os
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tasks.benchmarks import agieval, arc, bb_sub, bbh
from tasks.problem import AnswerType
from tasks.records.completions import answer_types, read_completions
from tasks.records.splits import hash_order
from tasks.scoring.option_list import option_label, split_options
from tasks.scoring.score import score

FRUIT = ("apples", "pears", "a plum", "none of these")
LABELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "hand_labels.jsonl").read_text().splitlines()
]

# completion, gold, answer type, parsed, correct
INVENTED: list[tuple[str, str, AnswerType, str | None, bool]] = [
    ("Pears are green. So the answer is (B).", "(B)", "choice", "(B)", True),
    ("Pears are green. So the answer is (A).", "(B)", "choice", "(A)", False),
    ("Pears are green.\nTherefore, the answer is (B)", "(B)", "choice", "(B)", True),
    ("Pears are green.\nTherefore, the answer is B", "(B)", "choice", "(B)", True),
    ("Pears are green.\nTherefore, the answer is b.", "(B)", "choice", "(B)", True),
    ("Pears are green. The answer is （B）.", "(B)", "choice", "(B)", True),
    ("Pears are green. The answer is: **(B) pears**", "(B)", "choice", "(B)", True),
    ("Pears are green. The answer is pears.", "(B)", "choice", "(B)", True),
    ('Pears are green. The answer is "Pears".', "(B)", "choice", "(B)", True),
    ("Pears are green. Hence the correct option is [B]", "(B)", "choice", "(B)", True),
    ("Pears are green.\n\nAnswer: B) pears", "(B)", "choice", "(B)", True),
    ("Pears are green.\n\n### Final answer:\n(B)", "(B)", "choice", "(B)", True),
    ("Pears are green. The answer is $\\boxed{\\text{B}}$.", "(B)", "choice", "(B)", True),
    ("So the answer is (B), because pears are green.", "(B)", "choice", "(B)", True),
    ("So the answer is (B). (A) is wrong: apples are red.", "(B)", "choice", "(B)", True),
    ("So the answer is (B).\n(A) is wrong.", "(B)", "choice", "(B)", True),
    ("The answer is (A). No, apples are red. The answer is (B).", "(B)", "choice", "(B)", True),
    ("So the answer is (B).\n\nQ:Next?\n\nA: the answer is (A).", "(B)", "choice", "(B)", True),
    ("So the answer is (B). So the answer is", "(B)", "choice", "(B)", True),
    ("So the answer is none of these.", "(D)", "choice", "(D)", True),
    ("So the answer is (A) or (B).", "(B)", "choice", None, False),
    ("So the answer is (A) and (B).", "(B)", "choice", None, False),
    ("So the answer is A/B.", "(B)", "choice", None, False),
    ("So the answer is not (A).", "(B)", "choice", None, False),
    ("So the answer is none of the above.", "(B)", "choice", None, False),
    ("So the answer is (E).", "(B)", "choice", None, False),
    ("So the answer is", "(B)", "choice", None, False),
    ("Pears are green, as (B) says.", "(B)", "choice", None, False),
    ("(B)", "(B)", "choice", "(B)", True),
    (" (B) pears", "(B)", "choice", "(B)", True),
    ("pears", "(B)", "choice", "(B)", True),
    ("", "(B)", "choice", None, False),
    ("It is red. So the answer is True.", "True", "yes_no", "true", True),
    ("It is red. So the answer is yes.", "True", "yes_no", "true", True),
    ("It is red. So the answer is False.", "True", "yes_no", "false", False),
    ("It follows. So the answer is valid.", "valid", "yes_no", "valid", True),
    ("It fails. So the answer is not valid.", "invalid", "yes_no", "invalid", True),
    ("It fails. The answer is that it is invalid.", "invalid", "yes_no", "invalid", True),
    ("He bats. The answer is NO!", "no", "yes_no", "no", True),
    ("He bats. The answer is No, cricketers don't dunk.", "no", "yes_no", "no", True),
    ("He bats. The answer is implausible.", "no", "yes_no", "no", True),
    ("He bats. The answer is yes or no.", "no", "yes_no", None, False),
    ("not True or False = False or False = not", "False", "yes_no", None, False),
    ("No", "No", "yes_no", "no", True),
    ("No one knows.", "No", "yes_no", None, False),
    ("2 * 9 = 18. So the answer is 18.", "18", "number", "18", True),
    ("The answer is $18.00.", "18", "number", "18", True),
    ("The answer is 1,800 euros.", "1800", "number", "1800", True),
    ("The answer is −18.", "-18", "number", "-18", True),
    ("The answer is 18.", "-18", "number", "18", False),
    ("The answer is 2 * 9 = 18.", "18", "number", "18", True),
    ("The answer is eighteen.", "18", "number", "18", True),
    ("The answer is 18. That is 2 * 9.", "18", "number", "18", True),
    ("The answer is 1.8.", "18", "number", "1.8", False),
    ("The answer is 17 or 18.", "18", "number", None, False),
    ("2 * 9 = 18", "18", "number", None, False),
    ("18", "18", "number", "18", True),
    ("18 apples.", "18", "number", "18", True),
    ("So the answer is fig, kiwi, plum.", "fig kiwi plum", "word_list", "fig kiwi plum", True),
    ("So the answer is: fig < kiwi < plum", "fig kiwi plum", "word_list", "fig kiwi plum", True),
    ("So the answer is kiwi fig plum.", "fig kiwi plum", "word_list", "kiwi fig plum", False),
    ("So the answer is fig kiwi.", "fig kiwi plum", "word_list", "fig kiwi", False),
    ("Answer:\n- fig\n- kiwi\n- plum", "fig kiwi plum", "word_list", "fig kiwi plum", True),
    ("So the answer is ] >.", "] >", "free_text", "] >", True),
    ('So the answer is "]", ">".', "] >", "free_text", "] >", True),
    ("So the answer is > ].", "] >", "free_text", "> ]", False),
    ("So the answer is empty.", "] >", "free_text", "empty", False),
    ("1: [ ; stack: [\n2: < ; stack: [ <", "] >", "free_text", None, False),
    ("So the answer is new  york.", "New York", "free_text", "new york", True),
    ("So the answer is New York. It is big.", "New York", "free_text", "new york", True),
    ("So the answer is Mr. Lee.", "Mr. Poe", "free_text", "mr. lee", False),
]


@pytest.mark.parametrize(("completion", "gold", "answer_type", "parsed", "correct"), INVENTED)
def test_the_strict_rule(
    completion: str, gold: str, answer_type: AnswerType, parsed: str | None, correct: bool
) -> None:
    options = FRUIT if answer_type == "choice" else ()
    result = score(completion, [gold], answer_type, options=options)
    assert (result.parsed, result.parse_ok, result.correct) == (
        parsed,
        parsed is not None,
        correct,
    )


@pytest.mark.parametrize("rule", ["strict", "reference", "exact"])
def test_any_of_several_golds_is_right(rule: Any) -> None:
    text = "Therefore, the answer is (C)."
    assert score(text, ["(A)", "(C)"], "choice", rule=rule).correct
    assert not score(text, ["(A)", "(B)"], "choice", rule=rule).correct


def test_a_choice_with_a_gold_in_words_is_scored_as_free_text() -> None:
    text = "It has monsters. So the answer is Monsters, Inc."
    assert score(text, ["Monsters, Inc"], "choice").correct
    assert not score("So the answer is (B).", ["Monsters, Inc"], "choice").correct


@pytest.mark.parametrize(
    ("completion", "parsed", "correct"),
    [
        ("So the answer is (B).", "(B)", True),
        ("So the answer is (B)\nand more", "(B)", True),
        ("So the answer is (B)..", "(B).", False),
        ("So the answer is (b).", "(b)", False),
        ("So the answer is B.", "B", False),
        ("So the answer is (A). So the answer is (B).", "(A). So the answer is (B)", False),
        ("So the answer is (B).\nSo the answer is (A).", "(B)", True),
        ("(B)", None, False),
    ],
)
def test_the_exact_rule_takes_the_first_cues_line_to_the_letter(
    completion: str, parsed: str | None, correct: bool
) -> None:
    result = score(completion, ["(B)"], "choice", rule="exact")
    assert (result.parsed, result.parse_ok, result.correct) == (
        parsed,
        parsed is not None,
        correct,
    )


@pytest.fixture(scope="module")
def data() -> Path:
    named = os.environ.get("CASCOD_DATA")
    if not named:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    return Path(named)


@pytest.fixture(scope="module")
def teacher(data: Path) -> Path:
    return data / "bbh_teacher"


@pytest.mark.real_data
@pytest.mark.parametrize("task", sorted({label["task"] for label in LABELS}))
def test_the_strict_rule_agrees_with_hand_labels(teacher: Path, task: str) -> None:
    completions = read_completions(teacher / f"{task}.jsonl")
    answer_type = answer_types(completions)[task]
    for label in (label for label in LABELS if label["task"] == task):
        row = completions[label["index"]]
        labelled = split_options(row.question)[1]
        options = [text for _, text in labelled] if row.target[0] in dict(labelled) else []
        result = score(row.completion, row.target, answer_type, options=options)
        assert (row.id, result.parsed, result.parse_ok, result.correct) == (
            row.id,
            label["answer"],
            label["answer"] is not None,
            label["correct"],
        )


@pytest.mark.real_data
def test_hand_labels_belong_to_the_completions_that_were_read(teacher: Path) -> None:
    rows = {row.id: row.completion for row in read_completions(teacher)}
    for label in LABELS:
        completion = rows[f"{label['task']}/{label['index']}"]
        assert sha256(completion.encode()).hexdigest() == label["sha256"]


@pytest.mark.real_data
@pytest.mark.parametrize("suite", [agieval, arc, bb_sub, bbh])
def test_a_gold_option_is_right_by_label_by_text_and_by_both(data: Path, suite: ModuleType) -> None:
    problems = {problem.id: problem for problem in suite.problems(data) if problem.options}
    for problem in map(problems.__getitem__, hash_order(problems)[:600]):
        label = problem.golds[0]
        position = [option_label(n) for n in range(len(problem.options))].index(label)
        text = problem.options[position]
        said = [label, f"{label} {text}"] + [text] * (problem.options.count(text) == 1)
        for answer in said:
            for completion in (f" {answer}", f"It is so.\nTherefore, the answer is {answer}."):
                result = score(completion, problem.golds, "choice", options=problem.options)
                assert result.correct, (problem.id, completion)


def test_hand_labels_cover_enough_and_mostly_awkward_completions() -> None:
    awkward = sum("why" in label for label in LABELS)
    assert len(LABELS) >= 320
    assert awkward > len(LABELS) / 2
    assert len({(label["task"], label["index"]) for label in LABELS}) == len(LABELS)
