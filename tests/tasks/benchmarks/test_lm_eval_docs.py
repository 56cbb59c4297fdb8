from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmark_files import (
    arc_rows,
    navigate_examples,
    write_bbeh,
    write_bbh,
    write_granularity,
    write_json,
    write_jsonl,
    write_mentor_kd,
)

from harness.evaluation.evaluation_suites import EvaluationSuite, load_suites
from tasks import lm_eval_docs
from tasks.errors import UserError
from tasks.problem import Problem
from tasks.records.splits import hash_order
from tasks.suites import SUITES, include_path, suite


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_bbh(tmp_path, "navigate", navigate_examples(40), "Follow the way.")
    write_json(tmp_path / "arc" / "ARC-Easy-Test.json", arc_rows(20))
    return tmp_path


def docs_of(dataset: Any) -> list[dict[str, Any]]:
    return list(dataset["test"])


def test_a_doc_is_a_problem_with_its_suite_role_and_source(data: Path) -> None:
    doc = docs_of(lm_eval_docs.bbh("navigate", data=str(data)))[0]
    assert (doc["suite"], doc["role"], doc["source"]) == ("bbh", "ind", "local")
    assert Problem.from_doc(doc).to_doc("bbh", "ind") | {"source": "local"} == doc


def test_docs_come_in_hash_order_so_that_a_limit_is_a_random_subset(data: Path) -> None:
    ids = [doc["id"] for doc in docs_of(lm_eval_docs.arc("arc_easy", data=str(data)))]
    assert ids == hash_order(f"arc_easy/{n}" for n in range(20))
    few = docs_of(lm_eval_docs.arc("arc_easy", data=str(data), limit=5))
    assert [doc["id"] for doc in few] == ids[:5]


def test_only_test_items_of_bbh_are_asked(data: Path) -> None:
    assert len(docs_of(lm_eval_docs.bbh("navigate", data=str(data)))) == 8


def test_the_prompt_is_the_one_that_every_method_starts_from(data: Path) -> None:
    doc = docs_of(lm_eval_docs.arc("arc_easy", data=str(data)))[0]
    prompt = lm_eval_docs.doc_to_text(doc)
    assert prompt.startswith(
        "Task Description:\nAnswer a multiple-choice question about science.\nQ:"
    )
    assert prompt.endswith("(C) iron\n\nA:")
    assert lm_eval_docs.doc_to_target(doc) == "(B)"


@pytest.mark.parametrize(
    ("completion", "acc", "parse_ok"),
    [
        (" Heat does it.\nTherefore, the answer is (B)", 1.0, 1.0),
        (" Heat does it.\nTherefore, the answer is (A)", 0.0, 1.0),
        (" I cannot tell", 0.0, 0.0),
    ],
)
def test_results_are_scored_strictly(
    data: Path, completion: str, acc: float, parse_ok: float
) -> None:
    doc = docs_of(lm_eval_docs.arc("arc_easy", data=str(data)))[0]
    assert lm_eval_docs.process_results(doc, [completion]) == {"acc": acc, "parse_ok": parse_ok}


def test_unknown_keywords_that_lm_eval_adds_are_let_pass(data: Path) -> None:
    extra = {"version": 1.0, "pretrained": "x", "config_source": "y.yaml"}
    assert docs_of(lm_eval_docs.arc("arc_easy", data=str(data), **extra))


def test_a_teams_own_records_are_asked_with_the_answer_type_they_show(tmp_path: Path) -> None:
    rows = [
        {
            "id": f"own/{n}",
            "task": "own",
            "description": "",
            "question": f"{n} + {n}?",
            "answer": str(2 * n),
            "rationale": "Double it.",
            "teacher": "us",
        }
        for n in range(4)
    ]
    write_jsonl(tmp_path / "own.jsonl", rows)
    docs = docs_of(lm_eval_docs.file_docs(str(tmp_path / "own.jsonl"), "ours", "ood", limit=3))
    assert len(docs) == 3
    assert {(doc["answer_type"], doc["suite"], doc["source"]) for doc in docs} == {
        ("number", "ours", "file")
    }


def test_a_suite_without_items_is_refused(data: Path) -> None:
    with pytest.raises(UserError, match=r"suite 'arc_easy': no items are left to ask"):
        lm_eval_docs.arc("arc_easy", data=str(data), limit=0)


def test_embedded_docs_are_one_family_of_one_axis() -> None:
    docs = docs_of(lm_eval_docs.embedded("ind", "navigation", per_family=6))
    assert len(docs) == 6
    assert {(d["task"], d["suite"], d["role"]) for d in docs} == {("navigation", "embedded", "ind")}


def test_an_unknown_family_is_named_with_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"no family 'chess' on axis 'ind'; it has .*navigation"):
        lm_eval_docs.embedded("ind", "chess", per_family=6)


class TestYaml:
    @pytest.fixture(scope="class")
    def index(self) -> dict[str, Any]:
        from lm_eval.tasks import TaskManager

        manager = TaskManager(include_path=str(include_path()), include_defaults=False)
        return dict(manager.task_index)

    def test_every_suite_is_a_group_or_a_task(self, index: dict[str, Any]) -> None:
        assert {suite.lm_eval_name for suite in SUITES} <= set(index)

    def test_every_name_carries_the_prefix(self, index: dict[str, Any]) -> None:
        assert [name for name in index if not name.startswith("cascod_")] == []

    def test_no_two_files_say_the_same_name(self, index: dict[str, Any]) -> None:
        files = [p for p in include_path().glob("**/*.yaml") if not p.name.startswith("_")]
        assert len(files) == len(index)

    def test_groups_hold_every_task_and_none_twice(self, index: dict[str, Any]) -> None:
        groups = [entry.cfg for entry in index.values() if "group" in entry.cfg]
        members = [task for group in groups for task in group["task"]]
        tasks = [name for name, entry in index.items() if "group" not in entry.cfg]
        assert len(members) == len(set(members))
        alone = ("arc_easy", "arc_challenge", "asdiv", "bbeh_mini", "reasoning_gym")
        assert set(tasks) - set(members) == {f"cascod_{name}" for name in alone}
        assert set(members) <= set(tasks)


def test_a_suite_and_a_part_of_it_are_not_asked_together() -> None:
    suites = [EvaluationSuite("longer", "ood"), EvaluationSuite("longer:arithmetic", "ood")]
    with pytest.raises(UserError, match=r"'longer:arithmetic' asks what 'longer' asks"):
        load_suites(suites, {"per_family": 2})
    loaded = load_suites(suites[1:], {"per_family": 2})
    assert list(loaded.tasks) == ["cascod_longer_arithmetic"]


def test_a_grade_asks_questions_of_its_own_beside_its_suite() -> None:
    suites = [EvaluationSuite(name, "ood") for name in ("longer", "longer:+1", "transfer:near")]
    loaded = load_suites(suites, {"per_family": 2})
    assert {loaded.suite_of[task].name for task in loaded.tasks} == {s.name for s in suites}
    docs = [doc for task in loaded.tasks.values() for doc in task.eval_docs]
    assert len({doc["question"] for doc in docs}) == len(docs) == 2 * (8 + 8 + 3)
    assert {(doc["suite"], doc["role"]) for doc in docs} == {(s.name, "ood") for s in suites}
    with pytest.raises(UserError, match=r"unknown part '\+9' .* Its parts: \+1, \+2, \+3, \+4, "):
        suite("longer:+9")


@pytest.mark.parametrize(
    ("ask", "answers"),
    [
        (lambda data: lm_eval_docs.mentor_kd("asdiv", data=data), {"8", "12", "16", "20"}),
        (
            lambda data: lm_eval_docs.mentor_kd("tracking_shuffled_objects", data=data),
            {"(A)", "(B)"},
        ),
        (lambda data: lm_eval_docs.granularity("strategyqa", data=data), {"True", "False"}),
        (lambda data: lm_eval_docs.bbeh("dyck_languages", data=data), {"(B)", "No"}),
        (lambda data: lm_eval_docs.bbeh_mini("bbeh_mini", data=data), {"(B)", "No"}),
    ],
)
def test_newer_benchmarks_are_asked_and_scored_as_each_gold_wants(
    tmp_path: Path, ask: Callable[[str], Any], answers: set[str]
) -> None:
    write_mentor_kd(tmp_path)
    write_granularity(tmp_path)
    write_bbeh(tmp_path)
    docs = docs_of(ask(str(tmp_path)))
    assert {doc["golds"][0] for doc in docs} == answers
    for doc in docs:
        right = f"Let me see.\nTherefore, the answer is {doc['golds'][0]}"
        assert lm_eval_docs.process_results(doc, [right]) == {"acc": 1.0, "parse_ok": 1.0}


def test_longer_letter_lists_are_drawn_from_the_names_of_the_test_questions(tmp_path: Path) -> None:
    write_mentor_kd(tmp_path)
    docs = docs_of(lm_eval_docs.mentor_kd_longer("last_letters_six", data=str(tmp_path)))
    for doc in docs:
        names = doc["question"].split('"')[1].split()
        assert len(set(names)) == 6
        assert doc["golds"] == ["".join(name[-1] for name in names)]
    assert len({doc["question"] for doc in docs}) == len(docs) == 4


def test_a_benchmark_without_a_hub_says_where_its_files_come_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CASCOD_DATA", raising=False)
    with pytest.raises(UserError, match=r"mentor_kd: is read from local files alone"):
        lm_eval_docs.mentor_kd("svamp")
