"""Samples files: how they are called, which there are, and which of several counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from reports.logs.results_file import config_of, results_beside, student_beside
from reports.logs.run_files import REPEATED_CELLS, RUN_FILE, SAMPLED, SELECTION
from tasks.errors import UserError
from tasks.files import read_json

T = TypeVar("T")

SAMPLES = "samples_*.jsonl"
_NAME = re.compile(r"samples_(?P<task>.+)_(?P<date>\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl")
# Folders of our own cells that hold other samples than the evaluation's.
ASIDE = {SAMPLED, SELECTION, REPEATED_CELLS}


@dataclass(frozen=True, slots=True)
class Log:
    """One file of samples: an evaluation of one lm-eval task by one checkpoint.

    `seed` tells the checkpoint, "" where it was not read.
    """

    path: Path
    task: str
    date: str
    seed: str = ""


def has_samples(path: Path) -> bool:
    """Whether samples of lm-eval lie anywhere below a path."""
    return path.is_dir() and next(path.rglob(SAMPLES), None) is not None


def samples_name(task: str, date: str) -> str:
    """How lm-eval calls a task's samples file."""
    return f"samples_{task}_{date}.jsonl"


def newest(
    found: Iterable[T], same: Callable[[T], Hashable], age: Callable[[T], Any]
) -> tuple[list[T], list[tuple[T, T]]]:
    """Of evaluations of the `same` the newest, and each one passed over with the one that counts.

    `age` grows with time; of equals the later one in `found` counts.
    """
    counts: dict[Hashable, T] = {}
    passed_over = []
    for each in found:
        if (known := counts.get(same(each))) is not None:
            older, each = sorted((known, each), key=age)
            passed_over.append((older, each))
        counts[same(each)] = each
    return list(counts.values()), passed_over


def logs_in(directory: Path) -> tuple[list[Log], list[str]]:
    """The newest samples file of every task in one cell's `directory`, and a note for each older
    one.
    """
    logs = [_log(path) for path in sorted(directory.glob(SAMPLES))]
    counting, passed_over = newest(logs, lambda log: log.task, lambda log: log.date)
    return counting, [
        f"{older.path}: a newer evaluation of {older.task} stands beside it and was read instead"
        for older, _ in passed_over
    ]


def logs_below(directory: Path) -> tuple[list[Log], list[str]]:
    """The newest samples file of every task and seed below `directory`, and notes on all others.

    UserError where there are none, or those of several systems.
    """
    if not directory.is_dir():
        raise UserError(f"{directory}: no such directory")
    found = [
        replace(log := _log(path), seed=_seed_of(log))
        for path in sorted(directory.rglob(SAMPLES))
        if not ASIDE & set(path.relative_to(directory).parts)
    ]
    if not found:
        raise UserError(f"{directory}: no {SAMPLES} in it or below; run lm-eval with --log_samples")
    logs, passed_over = newest(found, lambda log: (log.seed, log.task), lambda log: log.date)
    notes = [again_later(older.path, older.task, log.path) for older, log in passed_over]
    _refuse_several_systems(directory, logs)
    for seed in dict.fromkeys(log.seed for log in logs):
        places = dict.fromkeys(str(log.path.parent) for log in logs if log.seed == seed)
        if len(places) > 1:
            notes.append(
                f"one seed's tasks come from {len(places)} directories: {', '.join(places)}"
            )
    return logs, notes


def again_later(older: Path, task: str, newer: Path) -> str:
    """The note on an evaluation that was passed over."""
    return f"{older}: {task} was evaluated again later; {newer} counts"


def _log(path: Path) -> Log:
    match = _NAME.fullmatch(path.name)
    return Log(path, *((match["task"], match["date"]) if match else (path.stem, "")))


def _seed_of(log: Log) -> str:
    if fingerprint := student_beside(log.path, log.date).get("checkpoint_fingerprint"):
        return str(fingerprint)
    arguments = config_of(results_beside(log.path, log.date)).get("model_args")
    return str(arguments) if arguments else str(log.path.parent)


def _refuse_several_systems(directory: Path, logs: Iterable[Log]) -> None:
    systems: dict[str, None] = {}
    for folder in dict.fromkeys(log.path.parent for log in logs):
        run = read_json(folder / RUN_FILE, needed=False)
        if run:
            systems[f"{run.get('student')} {run.get('method')}"] = None
    if len(systems) > 1:
        raise UserError(
            f"{directory}: holds runs of {len(systems)} systems ({', '.join(systems)}); give the "
            "directory of one"
        )
