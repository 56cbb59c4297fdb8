"""`cascod evaluate --gate`: a student is asked in the plan's order until the gate has decided."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from small_students import make_pairs

from harness.cli import main
from reports.gating.look_plan import read_plan
from tasks.records.record import write_records

ITEMS = 40


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an untrained student answers to every question."""
    folder = tmp_path_factory.mktemp("baseline")
    write_records(folder / "asked.jsonl", make_pairs(ITEMS))
    arguments = evaluation(folder / "asked.jsonl", folder / "base")
    assert main(arguments) == 0
    return folder


def evaluation(suite: Path, out: Path, *more: str) -> list[str]:
    short = ["--max-rationale-tokens", "6", "--max-answer-tokens", "4"]
    student = ["tiny", "--method", "std_cot", "--suite", str(suite)]
    return ["evaluate", *student, *short, "--out", str(out), *more]


def planned(baseline: Path, file: Path, margin: str, looks: str) -> Path:
    made = ["--plan-new", str(file), "--margin", margin, "--looks", looks]
    assert main(["gate", str(baseline / "base"), *made]) == 0
    return file


def asked(out: Path) -> int:
    newest = max(out.glob("samples_*.jsonl"))
    return len(newest.read_text().splitlines())


def test_it_stops_as_soon_as_it_is_decided(
    baseline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned(baseline, tmp_path / "plan.json", "0.5", "4")
    out = tmp_path / "new"
    arguments = evaluation(baseline / "asked.jsonl", out, "--gate", str(plan))
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "PASS\n" in said
    taken = read_plan(plan).taken
    assert taken[-1].outcome == "PASS"
    assert asked(out) == read_plan(plan).looks[taken[-1].look - 1].items < ITEMS
    # The same command again asks nothing anew and says the same.
    assert main(arguments) == 0
    assert read_plan(plan).taken == taken


def test_an_open_plan_goes_on_to_its_last_look(
    baseline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned(baseline, tmp_path / "plan.json", "0.001", "2")
    out = tmp_path / "new"
    assert main(evaluation(baseline / "asked.jsonl", out, "--gate", str(plan))) == 3
    said = capsys.readouterr().out
    assert "look 1/2: INCONCLUSIVE, going on" in said
    assert "this was the last look" in " ".join(said.split())
    assert asked(out) == ITEMS


def test_both_sides_are_read_as_the_plan_says(
    baseline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, clusters = tmp_path / "plan.json", tmp_path / "clusters.json"
    ids = [json.loads(line)["id"] for line in (baseline / "asked.jsonl").read_text().splitlines()]
    clusters.write_text(json.dumps({name: str(place // 2) for place, name in enumerate(ids)}))
    read = ["--metric", "parse_ok", "--filter", "none", "--cluster", str(clusters)]
    made = ["--plan-new", str(plan), "--margin", "0.5", "--looks", "2", *read]
    assert main(["gate", str(baseline / "base"), *made]) == 0
    capsys.readouterr()
    arguments = evaluation(baseline / "asked.jsonl", tmp_path / "new", "--gate", str(plan))
    assert main(arguments) == 0
    items, groups = map(
        int, re.findall(r"items +(\d+) in 1 task, (\d+) clusters", capsys.readouterr().out)[-1]
    )
    assert groups < items


def test_suites_that_lack_the_plan_s_items_are_refused(
    baseline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned(baseline, tmp_path / "plan.json", "0.05", "2")
    fewer = tmp_path / "asked.jsonl"
    write_records(fewer, make_pairs(10))
    capsys.readouterr()
    assert main(evaluation(fewer, tmp_path / "new", "--gate", str(plan))) == 2
    said = capsys.readouterr().err
    assert "of its items are not in these suites" in said
    assert json.loads(plan.read_text())["taken"] == []
