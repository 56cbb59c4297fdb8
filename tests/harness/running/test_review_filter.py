"""An experiment that trains on what people found right, or leaves out what they found wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from small_students import make_records

from harness.cli import main
from harness.running.experiment_file import dump_experiment, load_experiment
from harness.running.run_directory import RunDirectory
from harness.running.training_data import training_data, write_training_data
from tasks.errors import UserError
from tasks.records.record import CoTRecord, write_records


def trained_on(tmp_path: Path, records: list[CoTRecord], train_on: Any) -> list[str]:
    write_records(tmp_path / "train.jsonl", records)
    data = {"source": "records", "train": str(tmp_path / "train.jsonl")}
    experiment = load_experiment("demo", {"data": data, "train_on": train_on})
    again = tmp_path / "again.yaml"
    again.write_text(dump_experiment(experiment))
    assert load_experiment(str(again)) == experiment
    return [record.id for record in training_data(experiment, None).train]


@pytest.fixture
def reviewed() -> list[CoTRecord]:
    """Right, wrong, right though its answer is wrong, unread, and with a `review` of its own."""
    records = make_records(5)
    metas: list[dict[str, Any]] = [
        {"review": {"verdict": "right"}},
        {"review": {"verdict": "wrong"}},
        {"review": {"verdict": "right"}},
        {},
        {"review": "a note of the user's"},
    ]
    records = [replace(r, meta=meta) for r, meta in zip(records, metas, strict=True)]
    records[2] = replace(records[2], teacher_answer="0", teacher_correct=False)
    return records


def test_chains_that_people_found_right_alone(tmp_path: Path, reviewed: list[CoTRecord]) -> None:
    assert trained_on(tmp_path, reviewed, {"review": "right"}) == ["sum/0"]
    everything = {"review": "right", "answers": "all"}
    assert trained_on(tmp_path, reviewed, everything) == ["sum/0", "sum/2"]


def test_all_but_those_that_people_found_wrong(tmp_path: Path, reviewed: list[CoTRecord]) -> None:
    kept = trained_on(tmp_path, reviewed, {"review": "not_wrong"})
    assert kept == ["sum/0", "sum/3", "sum/4"]


def test_checks_and_people_must_both_be_content(
    tmp_path: Path, reviewed: list[CoTRecord], capsys: pytest.CaptureFixture[str]
) -> None:
    slip = "That makes 3 + 4 = 9. That makes 0."
    records = [replace(reviewed[0], rationale=slip), *reviewed[1:]]
    both = {"quality": 0.8, "review": "not_wrong"}
    assert trained_on(tmp_path, records, {"review": "not_wrong"}) == ["sum/0", "sum/3", "sum/4"]
    assert trained_on(tmp_path, records, {"quality": 0.8}) == ["sum/1", "sum/3", "sum/4"]
    assert trained_on(tmp_path, records, both) == ["sum/3", "sum/4"]
    # The answer of the third is not what its last step arrives at.
    assert trained_on(tmp_path, records, both | {"answers": "all"}) == ["sum/3", "sum/4"]
    file = tmp_path / "again.yaml"
    assert main(["run", str(file), "--dry-run", "--out", str(tmp_path / "run")]) == 0
    assert "training data: 2 records (3 left out by train_on)" in capsys.readouterr().out
    run = RunDirectory(tmp_path / "run")
    write_training_data(run, training_data(load_experiment(str(file)), None), Console())
    assert main(["data", "card", str(run.train_file), "--runs", str(run.root)]) == 0
    card = capsys.readouterr().out
    assert "2 questions with a teacher's chain of thought" in card
    assert re.search(r"not read +\| nobody +\| +2 \|", card)


def test_without_a_review_nothing_can_be_chosen_by_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no training record has been read; `cascod review"):
        trained_on(tmp_path, make_records(3), {"review": "right"})


@pytest.mark.parametrize(
    ("train_on", "said"),
    [
        ({"review": "wrong"}, "train_on.review: Input should be 'right' or 'not_wrong'"),
        ({"answers": "all"}, "train_on: give quality, review or both"),
        ({"quality": 2}, "train_on.quality: Input should be less than or equal to 1"),
        (
            {"review": "right", "answer": "all"},
            "train_on.answer: unknown key; did you mean 'answers'",
        ),
    ],
)
def test_other_choices_are_told(tmp_path: Path, train_on: Any, said: str) -> None:
    with pytest.raises(UserError, match=said):
        trained_on(tmp_path, make_records(3), train_on)
