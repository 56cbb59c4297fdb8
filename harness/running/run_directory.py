"""The run directory: where everything of an experiment lies, and what may be written into it."""

from __future__ import annotations

import fcntl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from harness.running.experiment import Experiment
from harness.running.experiment_file import dump_experiment
from reports.logs.plan import EXTENSIBLE, is_extended
from reports.logs.run_files import (
    CELLS,
    DEV_RECORDS,
    EXPERIMENT_FILE,
    PROVENANCE_FILE,
    RATIONALE_LIMITS,
    REPEATED_CELLS,
    TRAINING_RECORDS,
)
from tasks.errors import UserError
from tasks.files import read_yaml, write_whole

# Keys of an experiment that say who does the work, and those that say what is claimed of it.
WORKFORCE = ("jobs", "threads", "workers", "decoding.server")
CLAIMS = ("description", "primary", "family")


@dataclass(frozen=True, slots=True)
class Cell:
    """One student trained by one method on one seed; seed is None where nothing is trained."""

    student: str
    method: str
    seed: int | None
    repeat: bool = False  # the same cell once more, for the noise floor

    @property
    def name(self) -> str:
        """How the cell is called on the screen."""
        seed = "" if self.seed is None else f" seed {self.seed}"
        return f"{self.student} {self.method}{seed}{' again' if self.repeat else ''}"

    @property
    def path(self) -> Path:
        """Where the cell lies in its run directory."""
        last = "untrained" if self.seed is None else f"seed{self.seed}"
        folder = REPEATED_CELLS if self.repeat else CELLS
        return Path(folder) / self.student / self.method / last


@dataclass(frozen=True, slots=True)
class RunDirectory:
    """Paths of a run."""

    root: Path

    @property
    def experiment_file(self) -> Path:
        """The resolved experiment."""
        return self.root / EXPERIMENT_FILE

    @property
    def provenance_file(self) -> Path:
        """Versions, fingerprints, machine."""
        return self.root / PROVENANCE_FILE

    @property
    def train_file(self) -> Path:
        """The records that students train on."""
        return self.root / TRAINING_RECORDS

    @property
    def dev_file(self) -> Path:
        """The records that settings and checkpoints may be chosen on."""
        return self.root / DEV_RECORDS

    @property
    def rationale_limits_file(self) -> Path:
        """The limits that the training rationales set."""
        return self.root / RATIONALE_LIMITS

    def cell(self, cell: Cell) -> Path:
        """The directory of a cell."""
        return self.root / cell.path

    def claim(self, experiment: Experiment) -> None:
        """Take the directory for this experiment; UserError if another one lies there.

        One that has no cell yet may still be mended. Seeds, methods and suites may be added at any
        time.
        """
        resolved = dump_experiment(experiment)
        if self.experiment_file.exists():
            there, now = read_yaml(self.experiment_file), yaml.safe_load(resolved)
            extended = [key for key in EXTENSIBLE if is_extended(there.get(key), now.get(key))]
            begun = (self.root / CELLS).exists()
            if begun and (changed := first_difference(there, now, apart_from=extended)):
                raise UserError(
                    f"{self.root}: holds a run of another experiment ({changed} differs); "
                    "give a new directory with --out"
                )
            write_whole(self.experiment_file, resolved)
            return
        if self.root.exists() and any(self.root.iterdir()) and not self._lock_file.exists():
            raise UserError(
                f"{self.root}: not empty and not a run; give a new directory with --out"
            )
        write_whole(self.experiment_file, resolved)

    @property
    def _lock_file(self) -> Path:
        return self.root / ".lock"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the directory against a second process; UserError if one is already at work.

        A directory with other things in it is refused before anything is written.
        """
        lock_file = self.root / ".lock"
        if not lock_file.exists() and self.root.exists() and any(self.root.iterdir()):
            raise UserError(
                f"{self.root}: not empty and not a run; give a new directory with --out"
            )
        self.root.mkdir(parents=True, exist_ok=True)
        with lock_file.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UserError(
                    f"{self.root}: another process is running this experiment"
                ) from None
            yield


def first_difference(a: Any, b: Any, path: str = "", apart_from: Collection[str] = ()) -> str:
    """The dotted key at which two nested mappings first differ, "" where they are equal.

    Who does the work is no part of what an experiment is, and what is claimed of its results may be
    asked anew (the report says that the plan was changed). Nor are keys `apart_from`.
    """
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            here = f"{path}.{key}".lstrip(".")
            if here in (*WORKFORCE, *CLAIMS, *apart_from):
                continue
            if found := first_difference(a.get(key), b.get(key), here):
                return found
        return ""
    return "" if a == b else path
