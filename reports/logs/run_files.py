"""The JSON and YAML files of a run directory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tasks.errors import UserError

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


def read_json(path: Path, *, needed: bool = True) -> dict[str, Any]:
    """A JSON object; {} for an absent file that is not `needed`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if needed:
            raise UserError(f"{path}: no such file") from None
        return {}
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid JSON ({error})") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: expected an object, got {type(content).__name__}")
    return content


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML mapping; {} where there is no such file."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{path}: not valid YAML ({' '.join(str(error).split())})") from None
    if not isinstance(content, dict):
        raise UserError(f"{path}: expected a mapping, got {type(content).__name__}")
    return content
