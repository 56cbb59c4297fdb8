"""A run's report made again from its samples, and where it says something else."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.logs.run_files import REPORT, REPORT_FILE, TRAINING_RECORDS
from reports.rendering.as_json import to_json
from reports.run_report.build import build_report
from tasks.errors import UserError
from tasks.files import read_json

# Versions of numerical libraries may differ in the last digits.
RELATIVE, ABSOLUTE = 1e-6, 1e-9
# What stands before a path in the run, in notes.
_BEFORE_CELLS = re.compile(r"\S*?(?=(?:cells|noise_floor)/)")


@dataclass(frozen=True, slots=True)
class Figures:
    """How many figures and texts the samples give again, what they give otherwise, and which
    sections could not be made again, and why.
    """

    same: int
    differing: tuple[str, ...]
    left_out: tuple[str, ...]


def recomputed_figures(run: Path) -> Figures:
    """The report in a run directory against one made of its samples; UserError without one."""
    file = run / REPORT / REPORT_FILE
    if not file.exists():
        raise UserError(f"{run}: no {REPORT}/{REPORT_FILE}; make it with cascod report {run}")
    said = read_json(file)
    now = json.loads(to_json(build_report(run)))
    left_out = dict(_not_to_be_made_again(run, said, now))
    for section in left_out:
        said.pop(section, None)
        now.pop(section, None)
    compared = [found for key in sorted({*said, *now}) for found in _compared(said, now, key)]
    return Figures(
        same=compared.count(""),
        differing=tuple(found for found in compared if found),
        left_out=tuple(f"{section}: {why}" for section, why in left_out.items()),
    )


def _not_to_be_made_again(
    run: Path, said: dict[str, Any], now: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    if said.get("published"):
        yield "published", "figures of others, from files that are not in the run"
    if said.get("cues") and not (run / TRAINING_RECORDS).exists():
        yield "cues", "needs the training records"
    if _measures(said) != _measures(now):
        yield "reasoning", "was made with a sentence embedder"


def _measures(report: dict[str, Any]) -> list[Any]:
    reasoning = report.get("reasoning")
    measures = reasoning.get("measures") if isinstance(reasoning, dict) else None
    return measures if isinstance(measures, list) else []


def _compared(said: dict[str, Any], now: dict[str, Any], key: str) -> Iterator[str]:
    if key not in said or key not in now:
        yield f"{key}: is in {'the report' if key in said else 'what the samples give'} alone"
        return
    yield from _differences(said[key], now[key], key)


def _differences(said: Any, now: Any, where: str) -> Iterator[str]:
    """ "" for each figure or text that is the same, a line for each that is not."""
    if isinstance(said, dict) and isinstance(now, dict):
        for key in sorted({*said, *now}):
            if key in said and key in now:
                yield from _differences(said[key], now[key], f"{where}.{key}")
            else:
                there = "the report" if key in said else "what the samples give"
                yield f"{where}.{key}: is in {there} alone"
    elif isinstance(said, list) and isinstance(now, list):
        if len(said) != len(now):
            yield f"{where}: {len(said)} entries in the report, {len(now)} from the samples"
        for place, (a, b) in enumerate(zip(said, now, strict=False)):
            yield from _differences(a, b, f"{where}[{place}]")
    else:
        yield (
            ""
            if _same(said, now)
            else f"{where}: {_short(said)} in the report, {_short(now)} from the samples"
        )


def _same(said: Any, now: Any) -> bool:
    if isinstance(said, float) and isinstance(now, float):
        return math.isclose(said, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    if isinstance(said, str) and isinstance(now, str):
        return _BEFORE_CELLS.sub("", said) == _BEFORE_CELLS.sub("", now)
    return bool(said == now) and isinstance(said, bool) == isinstance(now, bool)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
