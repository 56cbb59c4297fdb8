"""The file that makes a directory a sweep: which key it varies, and the run of each value."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import read_yaml

SWEEP_FILE = "sweep.yaml"


@dataclass(frozen=True, slots=True)
class SweepFile:
    """A dotted key of the experiment, the run directory of each value, and all that stays the same.

    `runs` are names of folders beside the file, in the order in which the values were asked for.
    """

    key: str
    runs: tuple[str, ...]
    experiment: dict[str, Any]

    def to_row(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {"key": self.key, "runs": list(self.runs), "experiment": self.experiment}


def is_sweep(directory: Path) -> bool:
    """Whether a directory holds a sweep."""
    return (directory / SWEEP_FILE).is_file()


def read_sweep_file(directory: Path) -> SweepFile:
    """The sweep of a directory; UserError where the file is absent or broken."""
    path = directory / SWEEP_FILE
    if not path.is_file():
        raise UserError(f"{directory}: no {SWEEP_FILE} here; is it the directory of a sweep?")
    content = read_yaml(path)
    key, runs, experiment = (content.get(name) for name in ("key", "runs", "experiment"))
    if not isinstance(key, str) or not isinstance(experiment, dict):
        raise UserError(f"{path}: key and experiment are needed; run the sweep again")
    if not isinstance(runs, list) or not runs or not all(isinstance(run, str) for run in runs):
        raise UserError(f"{path}: runs must name the folder of every value")
    return SweepFile(key, tuple(runs), experiment)
