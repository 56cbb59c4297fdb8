"""`cascod compare` on logs of any harness that writes lm-eval samples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_logs import row, write_log

from harness.cli import main


@pytest.fixture
def systems(tmp_path: Path) -> list[str]:
    for name, right in (("old", [1, 1, 0, 0]), ("new", [1, 0, 1, 1])):
        rows = [row(i, float(r), resps=[[f"{name} thinks"]]) for i, r in enumerate(right)]
        write_log(tmp_path / name, "arc", rows, model_args=name)
    return [str(tmp_path / "old"), str(tmp_path / "new")]


def test_it_prints_what_changed_and_which_items_flipped(
    systems: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *systems, "--flips", "1"]) == 0
    said = capsys.readouterr().out
    assert "new − old: +25.0 points" in said
    assert "new: 2 items gained, 1 lost" in said
    assert said.count("wrong → right") == said.count("right → wrong") == 1
    assert "old thinks" in said


def test_it_writes_every_form(systems: list[str], tmp_path: Path) -> None:
    files = {kind: tmp_path / "out" / f"c.{kind}" for kind in ("json", "md", "tex", "html")}
    options = [part for kind, file in files.items() for part in (f"--{kind}", str(file))]
    assert main(["compare", *systems, *options]) == 0
    assert json.loads(files["json"].read_text())["schema"] == "cascod-compare/1"
    assert all(file.read_text().strip() for file in files.values())


def test_a_metric_is_asked_for_where_there_are_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("old", "new"):
        rows = [row(i, 1.0, metrics=["acc", "acc_norm"], acc_norm=0.0) for i in range(3)]
        write_log(tmp_path / name, "arc", rows, model_args=name)
    systems = [str(tmp_path / "old"), str(tmp_path / "new")]
    assert main(["compare", *systems]) == 2
    assert "choose one with --metric: acc, acc_norm" in capsys.readouterr().err
    assert main(["compare", *systems, "--metric", "acc_norm"]) == 0


def test_one_system_is_no_comparison(
    systems: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", systems[0]]) == 2
    assert "two directories or more" in capsys.readouterr().err
