"""The students of an experiment, built or found before its first cell, and their layouts."""

from __future__ import annotations

import time
from functools import partial

from rich.console import Console

from harness.running.experiment import Experiment
from harness.running.method_spec import teacher_key
from harness.running.progress_board import clock
from harness.running.student_fits import reader
from harness.running.student_layout import layout_told
from reports.rendering.terminal import plain
from trainers.students.sources import resolve_student


def build_students(experiment: Experiment, console: Console) -> dict[str, str]:
    """Where each student and each teacher lies, by name: a directory or a hub id. Says which
    layouts are taken, and why.

    UserError where a student cannot be had, or not be asked in its layout.
    """
    locations = {}
    for student in experiment.students:
        started = time.monotonic()
        locations[student.name] = resolve_student(
            student.source, partial(_report_pretraining, console, student.name)
        )
        took = clock(time.monotonic() - started)
        console.print(f"student {plain(student.name)}: ready after {took}")
        if line := layout_told(student, reader(student, locations[student.name]).tokenizer):
            console.print(f"student {plain(student.name)}: {plain(line)}", highlight=False)
    for spec in experiment.methods:
        if spec.teacher is not None:
            locations[teacher_key(spec.teacher)] = resolve_student(
                spec.teacher, partial(_report_pretraining, console, spec.teacher)
            )
    return locations


def _report_pretraining(console: Console, student: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        console.print(f"student {plain(student)}: pre-training step {done} of {total}")
