"""`cascod costs`: a collection and a run, priced."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_students import make_records
from synthetic_run import write_run

from harness.cli import main
from tasks.records.record import write_records

PRICED = ["--price-in", "0.5", "--price-out", "2", "--machine-hour", "0.9"]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run")


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """What `cascod collect` leaves of ten questions, two of them asked again with the answer."""
    folder = tmp_path / "chains"
    records = []
    for i, record in enumerate(make_records(10)):
        purpose = "hinted" if i > 7 else "first"
        tokens = {"prompt": 100 + i, "completion": 50}
        records.append(replace(record, meta={"chain": {"purpose": purpose, "tokens": tokens}}))
    folder.mkdir()
    write_records(folder / "records.jsonl", records)
    (folder / "cut.jsonl").touch()
    told = {
        "model": "<b>big",
        "questions": 10,
        "rounds": {"first": {"counts": {"asked": 10, "unanswered": 0, "right": 8}}},
        "spent": {"tokens": {"prompt": 3000, "completion": 1500}},
        "prices": None,
    }
    (folder / "collect_report.json").write_text(json.dumps(told))
    return folder


def test_it_says_when_each_student_pays(
    run: Path, collected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page, file = tmp_path / "costs.html", tmp_path / "costs.json"
    asked = ["costs", str(run), "--collected", str(collected), *PRICED]
    assert main([*asked, "--html", str(page), "--json", str(file)]) == 0
    said = capsys.readouterr().out
    assert "- cascod pays from " in said
    assert "104 + 50 tokens" in said  # first answers alone
    students = {each["use"]["method"]: each for each in json.loads(file.read_text())["students"]}
    # 3000 and 1500 tokens, 100 s of training; 12.5 s for all answers of a seed.
    assert students["cascod"]["once"] == pytest.approx(0.0045 + 0.025)
    assert students["cascod"]["answers"] > 100
    assert "untrained" not in students
    assert "<b>big" not in page.read_text()


def test_prices_of_the_collection_hold_unless_others_are_given(
    run: Path, collected: Path, tmp_path: Path
) -> None:
    told = json.loads((collected / "collect_report.json").read_text())
    told["prices"] = {"prompt": 5.0, "completion": 20.0}
    (collected / "collect_report.json").write_text(json.dumps(told))
    file = tmp_path / "costs.json"
    asked = ["costs", str(run), "--collected", str(collected), "--json", str(file)]
    assert main([*asked, "--machine-hour", "0.9", "--price-out", "7"]) == 0
    prices = json.loads(file.read_text())["prices"]
    assert (prices["token_in"], prices["token_out"]) == (5.0, 7.0)


def test_without_prices_it_asks_for_them(
    run: Path, collected: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["costs", str(run), "--collected", str(collected), "--machine-hour", "1"]
    assert main(asked) == 2
    assert "give --price-in and --price-out" in capsys.readouterr().err


def test_a_folder_that_nothing_was_collected_into_is_refused(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["costs", str(run), "--collected", str(tmp_path), *PRICED]) == 2
    assert "no collect_report.json" in capsys.readouterr().err
