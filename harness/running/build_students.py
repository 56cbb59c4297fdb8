"""The students of an experiment, built or found before its first cell."""

from __future__ import annotations

import time
from functools import partial

from rich.console import Console

from harness.running.experiment import Experiment
from harness.running.progress_board import clock
from reports.rendering.terminal import plain
from trainers.students.sources import resolve_student


def build_students(experiment: Experiment, console: Console) -> dict[str, str]:
    """Where each student lies, by name: a directory or a hub id."""
    locations = {}
    for student in experiment.students:
        started = time.monotonic()
        locations[student.name] = resolve_student(
            student.source, partial(_report_pretraining, console, student.name)
        )
        took = clock(time.monotonic() - started)
        console.print(f"student {plain(student.name)}: ready after {took}")
    return locations


def _report_pretraining(console: Console, student: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        console.print(f"student {plain(student)}: pre-training step {done} of {total}")
