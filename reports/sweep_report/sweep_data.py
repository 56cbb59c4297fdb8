"""A sweep's directory as data: the runs in the order of their values, on an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reports.logs.plan import Plan, plan_of
from reports.logs.run_data import RunData, load_run
from reports.logs.run_files import CELLS, EVALUATION, EXPERIMENT_FILE, RUN_FILE
from reports.statistics.answers import Answers
from reports.sweep_report.sweep_content import Scale, Value
from reports.sweep_report.sweep_file import read_sweep_file
from tasks.errors import UserError
from tasks.files import read_yaml

# From this ratio of the largest to the smallest value on, the axis is logarithmic.
WIDE = 100


@dataclass(frozen=True, slots=True)
class SweepData:
    """The evaluated runs of a sweep, one a value, numbers ascending, words as they were asked for.

    `position` (values,) is where a value stands in a linear trend; None where values are words.
    """

    key: str
    scale: Scale
    values: tuple[Value, ...]
    runs: tuple[RunData, ...]
    position: tuple[float, ...] | None
    plan: Plan | None
    notes: tuple[str, ...]
    experiment: dict[str, Any]

    @property
    def answers(self) -> Answers:
        """How the plan counts answers."""
        return self.plan.primary.answers if self.plan else "forced"

    def answered(self, answers: Answers) -> SweepData:
        """The same with every run's answers counted so."""
        return replace(self, runs=tuple(run.answered(answers) for run in self.runs))

    @property
    def forced(self) -> bool:
        """Whether any answer was forced."""
        return any(run.forced for run in self.runs)

    @property
    def suites(self) -> list[str]:
        """The suites of any run, in reporting order."""
        return list(dict.fromkeys(s for run in self.runs for s in run.items.suites))

    @property
    def students(self) -> list[str]:
        """The students of any run."""
        return list(dict.fromkeys(s.student for run in self.runs for s in run.systems))

    @property
    def methods(self) -> list[str]:
        """The methods of any run."""
        return list(dict.fromkeys(s.method for run in self.runs for s in run.systems))


def load_sweep(directory: Path) -> SweepData:
    """Read all evaluated values of a sweep; UserError where fewer than two are."""
    sweep = read_sweep_file(directory)
    notes, found = [], []
    for name in sweep.runs:
        folder = directory / name
        if not any(folder.glob(f"{CELLS}/*/*/*/{EVALUATION}/{RUN_FILE}")):
            notes.append(f"{name} has no evaluation yet and is left out")
            continue
        raw = _at(read_yaml(folder / EXPERIMENT_FILE), sweep.key)
        run = load_run(folder)
        notes += [f"{name}: {note}" for note in run.notes]
        found.append((raw, name, run))
    if len(found) < 2:
        raise UserError(
            f"{directory}: {len(found)} of {len(sweep.runs)} values are evaluated; a curve needs "
            "two"
        )
    scale = _scale([raw for raw, _, _ in found])
    if scale != "words":
        found.sort(key=lambda triple: float(triple[0]))
    values = tuple(
        Value(name.partition("=")[2], float(raw) if scale != "words" else float(number), name)
        for number, (raw, name, _) in enumerate(found)
    )
    runs = tuple(run for _, _, run in found)
    return SweepData(
        key=sweep.key,
        scale=scale,
        values=values,
        runs=runs,
        position=_position(scale, values),
        plan=plan_of(sweep.experiment),
        notes=(*notes, *_repeated_checkpoints(runs)),
        experiment=sweep.experiment,
    )


def _scale(values: Sequence[Any]) -> Scale:
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
        return "words"
    wide = min(values) > 0 and max(values) / min(values) >= WIDE
    return "log" if wide else "linear"


def _position(scale: Scale, values: Sequence[Value]) -> tuple[float, ...] | None:
    if scale == "words":
        return None
    return tuple(math.log10(value.x) if scale == "log" else value.x for value in values)


def _repeated_checkpoints(runs: Sequence[RunData]) -> list[str]:
    """A note where values share checkpoints, which the statistics take for independent ones."""
    seen: set[str] = set()
    for run in runs:
        own = {
            fingerprint
            for system in run.systems
            if system.trained
            for each in system.runs
            if (fingerprint := each.info.get("checkpoint_fingerprint"))
        }
        if own & seen:
            return [
                "Some values have the same checkpoints, so the key does not change training; "
                "changes between them are taken as if the checkpoints were independent, and their "
                "intervals are wider than needed."
            ]
        seen |= own
    return []


def _at(content: dict[str, Any], key: str) -> Any:
    found: Any = content
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
