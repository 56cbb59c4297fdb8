"""Suites that ask what was trained on are refused first, unless they are let through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.evaluation.evaluation_suites import EvaluationSuite
from harness.running.asked_suites import evaluation_suite, task_metadata
from harness.running.experiment import Experiment
from harness.running.overlap import SuiteOverlap, find_overlap
from harness.running.run_directory import RunDirectory
from reports.logs.run_files import OVERLAP
from tasks.errors import UserError
from tasks.files import write_json
from tasks.records.record import CoTRecord, read_records


def check_run(
    run: RunDirectory,
    experiment: Experiment,
    data_dir: Path | None,
    trained: Sequence[CoTRecord],
    *,
    allow: bool,
) -> list[SuiteOverlap]:
    """What the suites of a run share with the records that it trains on; see `check_overlap`."""
    suites = [evaluation_suite(spec) for spec in experiment.suites]
    metadata = task_metadata(experiment, data_dir)
    return check_overlap(trained, suites, metadata, allow=allow, folder=run.root)


def check_checkpoint(
    checkpoint: Path,
    trained_on: Path | None,
    suites: Sequence[EvaluationSuite],
    metadata: Mapping[str, Any],
    *,
    allow: bool,
    folder: Path,
) -> list[SuiteOverlap] | None:
    """What suites share with a checkpoint's training records; see `check_overlap`.

    Those are in `trained_on`, else in the run directory that it lies in; None where neither is
    known.
    """
    file = trained_on or training_file(checkpoint)
    if file is None:
        return None
    return check_overlap(read_records(file), suites, metadata, allow=allow, folder=folder)


def check_overlap(
    trained: Sequence[CoTRecord],
    suites: Sequence[EvaluationSuite],
    metadata: Mapping[str, Any],
    *,
    allow: bool,
    folder: Path,
) -> list[SuiteOverlap]:
    """What suites share with the training questions, written to `folder` for the report.

    UserError names the items that would make a comparison wrong, unless `allow`. `metadata` is what
    makes the suites' items, as in `load_suites`.
    """
    found = find_overlap(trained, suites, metadata)
    if not allow and (wrong := [suite for suite in found if suite.refused]):
        raise UserError(
            f"{'; '.join(map(str, wrong))}: take them out of the training data or the suite, or "
            "let them through with --allow-overlap (the report will say so)"
        )
    write_json(folder / OVERLAP, {"suites": [asdict(suite) for suite in found]})
    return found


def training_file(checkpoint: Path) -> Path | None:
    """The training records of a checkpoint in a run directory; None where it lies elsewhere."""
    runs = map(RunDirectory, checkpoint.resolve().parents)
    return next(
        (
            run.train_file
            for run in runs
            if run.experiment_file.is_file() and run.train_file.is_file()
        ),
        None,
    )
