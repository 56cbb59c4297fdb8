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
    "limits": dict | None,
    "task_metadata": dict | None,
}


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
    for name, kind in KINDS.items():
        if not isinstance(info.get(name), kind):
            raise UserError(f"{path}: {name} is {type(info[name]).__name__}")
    costs = read_json(seed_dir / "costs.json", needed=False)
    for name, part in costs.items():
        figures = part.values() if isinstance(part, dict) else () if part is None else ("?",)
        if not all(isinstance(value, int | float) for value in figures if value is not None):
            raise UserError(f"{seed_dir / 'costs.json'}: {name} does not hold numbers")
    return SeedRun(info=info, costs=costs, directory=seed_dir / "eval")
