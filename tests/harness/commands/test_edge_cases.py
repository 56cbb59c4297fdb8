"""Extreme logs through `compare`, `gate` and `power`: no NaN, no p = 0, no false certainty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sample_logs import row, write_log

from harness.cli import main

Marks = dict[str, list[int]]

# Right (1) and wrong (0) answers of baseline and treatment: for each seed the items of each task.
EXTREMES: dict[str, tuple[list[Marks], list[Marks]]] = {
    "no discordant item": ([{"t": [1, 0, 1, 0]}], [{"t": [1, 0, 1, 0]}]),
    "all right": ([{"t": [1] * 9}], [{"t": [1] * 9}]),
    "all wrong": ([{"t": [0] * 9}], [{"t": [0] * 9}]),
    "all turned right": ([{"t": [0] * 5000}], [{"t": [1] * 5000}]),
    "one item": ([{"t": [1]}], [{"t": [0]}]),
    "one item a task": ([{"t": [1], "u": [0]}], [{"t": [0], "u": [0]}]),
    "seeds that differ in number": ([{"t": [1, 0, 1]}] * 2, [{"t": [1, 1, 1]}] * 3),
    "several seeds, all alike": ([{"t": [1, 0, 1, 0]}] * 3, [{"t": [0, 0, 1, 1]}] * 3),
    "one seed against three": ([{"t": [1, 0, 1, 0]}], [{"t": [0, 1, 1, 1]}] * 3),
}


def system(directory: Path, seeds: list[Marks], **fields: Any) -> str:
    for number, tasks in enumerate(seeds):
        for task, marks in tasks.items():
            rows = [
                row(i, float(right), resps=[[f"{directory.name} {number}"]], **fields)
                for i, right in enumerate(marks)
            ]
            name = f"{directory.name}{number}"
            write_log(directory / str(number), task, rows, model_args=name)
    return str(directory)


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} in the JSON")


def compare(tmp_path: Path, *systems: str) -> dict[str, Any]:
    file = tmp_path / "compare.json"
    assert main(["compare", *systems, "--json", str(file)]) == 0
    content: dict[str, Any] = json.loads(file.read_text(), parse_constant=refuse)
    return content


@pytest.mark.parametrize("case", EXTREMES)
def test_extremes_are_answered_without_false_certainty(tmp_path: Path, case: str) -> None:
    old, new = EXTREMES[case]
    systems = system(tmp_path / "old", old), system(tmp_path / "new", new)
    content = compare(tmp_path, *systems)
    for found in content["differences"]:
        assert 0 < found["p"] <= found["p_adjusted"] <= 1
        assert found["lower"] <= found["value"] <= found["upper"]
        assert found["upper"] - found["lower"] > 0
    for pair in content["pairs"]:
        assert 0 < pair["mid_p"] <= 1
        assert -1 <= pair["lower"] < pair["upper"] <= 1
    assert main(["gate", *systems, "--margin", "0.02", "--per-task", "0.02"]) in (0, 1, 3)


@pytest.mark.parametrize("case", ["no discordant item", "all right", "one item"])
def test_the_very_same_responses_are_identical_and_pass(tmp_path: Path, case: str) -> None:
    name = system(tmp_path / "old", EXTREMES[case][0])
    (found, *_) = compare(tmp_path, name, name)["differences"]
    assert (found["identical"], found["value"], found["p"]) == (True, 0.0, 1.0)
    assert main(["gate", name, name, "--margin", "0.02"]) == 0


def test_items_of_one_single_cluster_decide_nothing(tmp_path: Path) -> None:
    old = system(tmp_path / "old", [{"t": [1, 1, 1, 0]}], cluster="one passage")
    new = system(tmp_path / "new", [{"t": [0, 0, 1, 0]}], cluster="one passage")
    (found, *_) = compare(tmp_path, old, new)["differences"]
    assert (found["lower"], found["upper"], found["p"]) == (-1.0, 1.0, 1.0)
    assert found["standard_error"] is None
    assert main(["gate", old, new, "--margin", "0.02"]) == 3


def test_a_task_missing_on_one_side_is_refused_unless_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = system(tmp_path / "old", [{"t": [1, 0], "u": [1, 1, 1]}])
    new = system(tmp_path / "new", [{"t": [1, 1]}])
    assert main(["compare", old, new]) == 2
    assert "3 of 5 items of" in capsys.readouterr().err
    assert main(["compare", old, new, "--intersect"]) == 0
    assert "3 items that others lack are left out" in capsys.readouterr().out


def test_an_item_that_occurs_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(0, 1.0), row(0, 0.0)]
    write_log(tmp_path / "old", "t", rows)
    new = system(tmp_path / "new", [{"t": [1]}])
    assert main(["compare", str(tmp_path / "old"), new]) == 2
    assert "item '0' occurs twice" in capsys.readouterr().err
