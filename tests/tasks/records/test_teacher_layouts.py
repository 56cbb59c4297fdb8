"""Chains as others publish them, imported as they lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benchmark_files import write_granularity, write_json, write_jsonl, write_mentor_kd

from tasks.benchmarks.mentor_kd import task_problems
from tasks.errors import UserError
from tasks.records.completions import FILES
from tasks.records.importer import Imported, import_completions


def imported(source: Path, *patterns: str) -> Imported:
    return import_completions(source, teacher="t", patterns=patterns or FILES)


def first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0]


@pytest.fixture
def mentor_kd(tmp_path: Path) -> Path:
    write_mentor_kd(tmp_path)
    folder = tmp_path / "mentor_kd"
    tested = json.loads(first_line(folder / "asdiv_test.jsonl"))
    rows = [
        {
            "input": f"{n} hens, how many legs?\n",
            "chain": f"Two a hen: {2 * n}.",
            "answer": str(2 * n),
            "initial_correct": True,
        }
        for n in range(10, 30)
        for _ in range(3)
    ]
    known = {"chain": "Four a cow.", "initial_correct": True} | tested
    write_jsonl(folder / "asdiv_train.jsonl", [*rows, known])
    balls = json.loads(first_line(folder / "tracking_shuffled_objects_test.jsonl"))
    said = {"chain": "They swap. So the answer is (A).", "initial_correct": False}
    mentor = balls | said | {"input": balls["input"].replace("Ann", "Al"), "answer": "A"}
    rows = [mentor | {"completion": "B"}, mentor | {"completion": "A", "initial_correct": True}]
    write_jsonl(folder / "tracking_shuffled_objects_mentor.jsonl", rows)
    return folder


def test_mentor_kds_chains_train_and_its_own_questions_test(mentor_kd: Path) -> None:
    result = imported(mentor_kd, "*_train.jsonl")
    train, dev, test = (result.records[name] for name in ("train", "dev", "test"))
    assert len(train) + len(dev) == 60
    assert not {r.question for r in train} & {r.question for r in dev}
    assert [r.question for r in test] == [
        p.question for p in task_problems(mentor_kd.parent, "asdiv")
    ]
    assert not any(r.rationale for r in test)
    assert result.report.total.in_test_set == 1
    first = train[0]
    assert first.rationale.startswith("Two a hen")
    assert (first.task, first.answer_type, first.teacher_correct) == ("asdiv", "number", True)
    assert first.description


def test_a_mentors_letter_is_its_answer_and_options_are_listed(mentor_kd: Path) -> None:
    source = mentor_kd / "tracking_shuffled_objects_mentor.jsonl"
    records = [r for name in ("train", "dev") for r in imported(source).records[name]]
    assert {(r.teacher_answer, r.teacher_correct) for r in records} == {
        ("(B)", False),
        ("(A)", True),
    }
    assert {r.rationale for r in records} == {"They swap."}
    assert records[0].options == ("red ball", "white ball", "blue ball")
    assert records[0].question.endswith("Options:\n(A) red ball\n(B) white ball\n(C) blue ball")


def test_levels_are_marked_by_what_most_of_them_answer(tmp_path: Path) -> None:
    write_granularity(tmp_path)
    result = imported(tmp_path / "granularity" / "strategyqa_chatgpt_level2.jsonl")
    records = [r for name in ("train", "dev") for r in result.records[name]]
    assert [r.question for r in records if not r.teacher_correct] == ["Is 14 odd?"]
    assert {r.rationale for r in records} == {f"Halve {n}." for n in range(10, 30)}
    assert len(result.records["test"]) == 4


def cascod_row(n: int, **fields: Any) -> dict[str, Any]:
    return {
        "instruction": f"{n} + 1?",
        "input": "",
        "output": str(n + 1),
        "prompt": "Let us think.",
        "response": f"One more than {n}. Therefore, the answer is {n + 1 + n % 2}.",
        "task_description": "Add.",
        "task_name": "sums",
    } | fields


def test_cascods_own_files_are_read_with_the_test_set_beside_them(tmp_path: Path) -> None:
    write_json(tmp_path / "all_task_train_wrong_answer.json", [cascod_row(n) for n in range(20)])
    write_json(tmp_path / "all_task_test.json", [cascod_row(n) for n in range(19, 25)])
    result = imported(tmp_path / "all_task_train_wrong_answer.json")
    records = [r for name in ("train", "dev") for r in result.records[name]]
    assert len(records) == 19
    assert {r.teacher_correct for r in records} == {True, False}
    assert {r.description for r in records} == {"Add."}
    assert [r.question for r in result.records["test"]] == [f"{n} + 1?" for n in range(19, 25)]


def test_cascods_files_without_a_test_set_are_split_here(tmp_path: Path) -> None:
    path = tmp_path / "all_task_train_right_answer.json"
    write_json(path, [cascod_row(n) for n in range(20)])
    assert len(imported(path).records["test"]) == 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([cascod_row(0, output=3)], r":1: cannot be read"),
        ([cascod_row(0), {"task": "sums"}], r":2: missing field 'completion'"),
        ([{"question": "?"}], "not JSON Lines"),
    ],
)
def test_a_row_out_of_place_is_named(tmp_path: Path, content: Any, message: str) -> None:
    write_json(tmp_path / "rows.json", content)
    with pytest.raises(UserError, match=message):
        imported(tmp_path / "rows.json")


def test_a_level_that_no_file_answers_is_named(tmp_path: Path) -> None:
    path = tmp_path / "svamp_chatgpt_level1.jsonl"
    write_jsonl(path, [{"instruction": "2 + 2?", "output": "Add them."}])
    with pytest.raises(UserError, match=r"level1.jsonl:1: cannot be read \(no level states"):
        imported(path)
