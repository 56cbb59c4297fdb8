"""Trainings that went wrong are left out, and every part of a report says so."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from synthetic_run import write_report, write_run

from reports.logs.failed_cells import FailedCell, write_failed_cell
from reports.run_report.build import build_report
from tasks.errors import UserError

DIVERGED = FailedCell("tiny", "cascod", 1, 12, "the loss is nan")


def fail(run: Path, failed: FailedCell) -> Path:
    """A run in which one cell diverged instead of being evaluated."""
    cell = run / "cells" / failed.student / failed.method / f"seed{failed.seed}"
    shutil.rmtree(cell)
    write_failed_cell(cell, failed)
    return run


def test_the_verdict_counts_the_runs_that_went_wrong(tmp_path: Path) -> None:
    report = build_report(fail(write_run(tmp_path), DIVERGED))
    (verdict,) = report.verdicts
    assert verdict.reasons[-1].startswith(
        "1 of 3 training runs of cascod diverged (seed 1 at step 12: the loss is nan) and is left "
        "out"
    )
    (row,) = [row for row in report.comparisons if row.primary]
    assert row.seeds == (2, 3)


def test_notes_and_json_name_the_cell_and_its_step(tmp_path: Path) -> None:
    folder = write_report(fail(write_run(tmp_path), DIVERGED))
    report = json.loads((folder / "report.json").read_text())
    assert report["failed"] == [
        {
            "student": "tiny",
            "method": "cascod",
            "seed": 1,
            "step": 12,
            "reason": "the loss is nan",
            "repeat": False,
        }
    ]
    said = "tiny / cascod seed 1: training diverged at step 12 (the loss is nan)"
    assert [note for note in report["notes"] if note.startswith(said)]
    assert not [note for note in report["notes"] if "has no evaluation yet" in note]
    for page in ("report.md", "report.html"):
        assert said in (folder / page).read_text()


def test_a_method_without_a_run_that_went_well_is_not_tested(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    for seed in (0, 1, 2):
        fail(run, FailedCell("tiny", "cascod", seed, 3, "the loss is nan"))
    (verdict,) = build_report(run).verdicts
    assert verdict.outcome == "not tested"
    assert verdict.reasons[-1].startswith("3 of 3 training runs of cascod diverged")


def test_a_run_in_which_all_went_wrong_says_so_in_one_line(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    shutil.rmtree(run / "cells")
    write_failed_cell(run / "cells/tiny/cascod/seed1", DIVERGED)
    with pytest.raises(UserError, match="nothing to report; tiny / cascod seed 1: training diver"):
        build_report(run)
