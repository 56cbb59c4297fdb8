"""Where everything of a run directory lies. Whoever writes or reads a run takes the names from
here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import read_json

# Of a run: what was asked for, what was planned and registered, and what it ran on.
EXPERIMENT_FILE = "experiment.yaml"
PLAN_FILE = "plan.json"
PROVENANCE_FILE = "provenance.json"
# The records that students are trained on, and those that settings and checkpoints may be chosen
# on.
TRAINING_RECORDS = "data/train.jsonl"
DEV_RECORDS = "data/dev.jsonl"
# How long students' rationales may be where the training rationales say it.
RATIONALE_LIMITS = "rationale_limits.json"
# What suites share with the training questions.
OVERLAP = "overlap.json"
# The cells, CELLS/STUDENT/METHOD/SEED each, and those that were run again for the noise floor.
CELLS = "cells"
REPEATED_CELLS = "noise_floor"
# The report's folder, and the file in it that says that it was written.
REPORT = "report"
REDACTED = "report_redacted"
REPORT_FILE = "report.json"

# Of a cell: its evaluation, with the file that is written last of it, and what it took.
EVALUATION = "eval"
RUN_FILE = "run.json"
COSTS_FILE = "costs.json"
# The evaluations of sampled draws, the dev evaluations that a checkpoint was chosen by, and what
# the student would answer with other rationales.
SAMPLED = "sampled"
SELECTION = "select"
PROBED = "probed.jsonl"


# Of run.json, where they are there.
KINDS: dict[str, Any] = {
    "student": str,
    "method": str,
    "seed": int | None,
    "checkpoint_fingerprint": str | None,
    "data_fingerprint": str | None,
    "protocol": dict | None,
    "generation": dict | None,
    "rule": str | None,
    "notice": str | None,
    "limits": dict | None,
    "task_metadata": dict | None,
}

# What a cell holds where its training went wrong, in place of an evaluation.
FAILED = "failed.json"


@dataclass(frozen=True, slots=True)
class SeedRun:
    """One checkpoint's evaluation: what run.json says, its costs and where its samples lie."""

    info: dict[str, Any]
    costs: dict[str, Any]
    directory: Path


def read_seed_run(seed_dir: Path) -> SeedRun:
    """One seed of a system, evaluated; UserError where run.json is faulty."""
    path = seed_dir / EVALUATION / RUN_FILE
    info = read_json(path)
    for name in ("student", "method", "seed"):
        if name not in info:
            raise UserError(f"{path}: missing field {name!r}")
    for name, kind in KINDS.items():
        if not isinstance(info.get(name), kind):
            raise UserError(f"{path}: {name} is {type(info[name]).__name__}")
    costs = read_json(seed_dir / COSTS_FILE, needed=False)
    for name, part in costs.items():
        figures = part.values() if isinstance(part, dict) else () if part is None else ("?",)
        if not all(isinstance(value, int | float) for value in figures if value is not None):
            raise UserError(f"{seed_dir / COSTS_FILE}: {name} does not hold numbers")
    return SeedRun(info=info, costs=costs, directory=seed_dir / EVALUATION)
