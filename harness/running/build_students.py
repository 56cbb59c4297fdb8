"""The students of an experiment, built or found before its first cell, and their layouts."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from rich.console import Console

from harness.evaluation.layout_choice import layout_line
from harness.running.experiment import Experiment, StudentSpec
from harness.running.progress_board import clock
from harness.running.student_fits import reader
from reports.rendering.terminal import plain
from trainers.protocol import Protocol
from trainers.students.sources import resolve_student


def build_students(experiment: Experiment, console: Console) -> dict[str, str]:
    """Where each student lies, by name: a directory or a hub id. Says which layouts are taken, and
    why.

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
        if line := layout_of_student(student, reader(student, locations[student.name]).tokenizer):
            console.print(f"student {plain(student.name)}: {plain(line)}", highlight=False)
    return locations


def layout_of_student(student: StudentSpec, tokenizer: Any) -> str:
    """The layout that a student is trained and asked in, and why; "" where there is no choice."""
    protocol = Protocol("", "", False, layout=student.layout, thinking=student.thinking)
    said = "layout" in student.model_fields_set
    return layout_line(protocol, tokenizer, "as the experiment says" if said else "the default")


def _report_pretraining(console: Console, student: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        console.print(f"student {plain(student)}: pre-training step {done} of {total}")
