"""Drawn sets of reasoning_gym: asked by name, scored by their own verifiers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("reasoning_gym", reason="the extra reasoning-gym is not installed")

from test_stock_lm_eval import run_stock_lm_eval, save_random_student

from harness.evaluation.evaluation_suites import load_suites, suite_from_argument
from tasks import lm_eval_docs
from tasks.benchmarks.reasoning_gym_sets import set_problems
from tasks.errors import UserError
from tasks.problem import Problem
from tasks.scoring.score import score

pytestmark = pytest.mark.slow

SETS = (
    *("spiral_matrix", "base_conversion", "basic_arithmetic", "binary_matrix", "caesar_cipher"),
    *("calendar_arithmetic", "chain_sum", "countdown", "family_relationships", "gcd"),
    *("knights_knaves", "letter_counting", "maze", "mini_sudoku", "n_queens"),
    *("number_sequence", "spell_backward", "syllogism", "tower_of_hanoi", "zebra_puzzles"),
)


def scored(problem: Problem, answer: str) -> bool:
    completion = f"Let me see.\nTherefore, the answer is {answer}"
    return score(completion, problem.golds, problem.answer_type, verifier=problem.verifier).correct


@pytest.mark.parametrize("name", SETS)
def test_gold_answers_are_right_and_others_wrong(name: str) -> None:
    problems = set_problems(name, "", seed=1, items=20)
    assert all(scored(problem, problem.golds[0]) for problem in problems)
    assert not any(scored(problem, "a banana") for problem in problems)


def test_an_answer_that_is_not_the_gold_may_be_right() -> None:
    problem = set_problems("countdown", "", seed=1, items=1)[0]
    assert scored(problem, f"0 + {problem.golds[0]}") is False  # uses a number that is not given
    assert scored(problem, f"({problem.golds[0]})")


def test_questions_without_a_gold_answer_share_none() -> None:
    problems = set_problems("graph_color", "", seed=1, items=4)
    assert len({problem.golds for problem in problems}) == 4
    assert not any(scored(problem, problem.golds[0]) for problem in problems)


def test_settings_make_questions_longer() -> None:
    short, long = (
        set_problems("chain_sum", f"min_terms={n},max_terms={n}", seed=1, items=5) for n in (2, 9)
    )
    assert all(p.question.count("+") + p.question.count("-") < 4 for p in short)
    assert max(len(p.question) for p in short) < min(len(p.question) for p in long)


def test_what_cannot_be_drawn_is_one_line() -> None:
    for name, settings, message in (
        ("chain_sums", "", r"no data set 'chain_sums'; did you mean .*chain_sum"),
        ("chain_sum", "terms=4", "chain_sum cannot be drawn so"),
        ("chain_sum", "min_terms=9,max_terms=2", "chain_sum cannot be drawn so"),
        ("chain_sum", "nine", "'nine' is no setting; expected KEY=VALUE"),
        ("composite", "", "composite cannot be drawn so"),
    ):
        with pytest.raises(UserError, match=message):
            set_problems(name, settings, seed=1, items=2)


def test_suites_of_one_set_at_two_difficulties_stand_side_by_side() -> None:
    names = ["reasoning_gym:gcd", "reasoning_gym:chain_sum,min_terms=4"]
    loaded = load_suites(
        [suite_from_argument(name, 3) for name in names], {"seed": 5, "per_family": 9}
    )
    assert sorted(suite.name for suite in loaded.suite_of.values()) == sorted(names)
    assert all(len(task.eval_docs) == 3 for task in loaded.tasks.values())


def test_a_doc_brings_its_verifier_along() -> None:
    doc = dict(lm_eval_docs.reasoning_gym("gcd", per_family=1)["test"][0])
    right = f"So the answer is {doc['golds'][0]}."
    assert lm_eval_docs.process_results(doc, [right]) == {"acc": 1.0, "parse_ok": 1.0}
    assert lm_eval_docs.process_results(doc, ["So the answer is none."])["acc"] == 0.0


def test_stock_lm_eval_asks_a_set_by_name(tmp_path: Path) -> None:
    save_random_student(tmp_path / "student")
    chosen = json.dumps({"dataset": "chain_sum", "settings": "min_terms=4", "per_family": 4})
    finished = run_stock_lm_eval(tmp_path, ["cascod_reasoning_gym"], "--metadata", chosen)
    assert finished.returncode == 0, finished.stderr[-4000:]
    [samples] = tmp_path.glob("out/**/samples_cascod_reasoning_gym_*.jsonl")
    rows = [json.loads(line) for line in samples.read_text().splitlines()]
    assert [row["doc"]["task"] for row in rows] == ["chain_sum", "chain_sum"]
