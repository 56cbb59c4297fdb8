"""The JSON and YAML files of a run directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import read_json

# Where a run directory holds its cells, and those that were run again for the noise floor.
CELLS = "cells"
REPEATED_CELLS = "noise_floor"
# What the students of a run were trained on.
TRAINING_RECORDS = "data/train.jsonl"
# Where a cell holds the evaluations of its sampled draws.
SAMPLED = "sampled"
# Where a cell holds what its student would answer with other rationales.
PROBED = "probed.jsonl"
# Where a cell holds the dev evaluations that its checkpoint was chosen by.
SELECTION = "select"

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
    path = seed_dir / "eval" / "run.json"
    info = read_json(path)
    for name in ("student", "method", "seed"):
        if name not in info:
            raise UserError(f"{path}: missing field {name!r}")
    costs = read_json(seed_dir / "costs.json", needed=False)
    return SeedRun(info=info, costs=costs, directory=seed_dir / "eval")
