"""What would end a run after hours, found before its first training step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.evaluation.evaluate import requests_for
from harness.evaluation.evaluation_suites import LoadedSuites
from harness.evaluation.student import Request
from harness.running.cells import starts_from
from harness.running.context import Context
from harness.running.done import trained_student, undone_steps
from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from harness.running.stored_completions import stored_student
from harness.running.student_fits import (
    reader,
    refuse_impossible_context,
    refuse_long_prompts,
    refuse_long_records,
    refuse_missing_targets,
)
from harness.running.training_data import TrainingData
from reports.logs.failed_cells import read_failed_cell
from tasks.errors import UserError
from tasks.problem import question_prompt
from trainers.protocol import PROTOCOL_FILE, Protocol


def preflight(
    context: Context, todo: Sequence[Cell], data: TrainingData, suites: LoadedSuites
) -> None:
    """UserError for whatever of the cells still to do cannot be done.

    A checkpoint of another method or of other data; records or prompts that do not fit a student's
    context, LoRA on matrices that it does not have; a stored teacher without completions for its
    items.
    """
    undone = {cell: undone_steps(context.experiment, cell, context.folder(cell)) for cell in todo}
    _refuse_foreign_checkpoints(context, [cell for cell in todo if cell.seed is not None])
    _refuse_lost_starts(context, undone)
    requests = requests_for(suites)
    for stored in context.experiment.stored:
        if any(left for cell, left in undone.items() if cell.student == stored.name):
            teacher = stored_student(stored, context.data_dir)
            requested = requests_for(suites.only(stored.suite))
            teacher.reply(requested, context.decoding(stored.name))
    if context.experiment.select == "dev_accuracy":
        requests += [Request(r.id, question_prompt(r.description, r.question)) for r in data.dev]
    for student in context.experiment.students:
        pending = [cell for cell, left in undone.items() if cell.student == student.name and left]
        if not pending:
            continue
        read_by = reader(student, context.locations[student.name])
        refuse_impossible_context(context.experiment, read_by)
        if any("train" in undone[cell] for cell in pending):
            refuse_missing_targets(context.experiment, read_by)
        for spec in context.experiment.methods:
            left = [undone[cell] for cell in pending if cell.method == spec.label]
            if any("train" in steps for steps in left):
                refuse_long_records(context.experiment, read_by, spec, data.train)
            if left:
                refuse_long_prompts(context.decoding(student.name), read_by, spec, requests)


def _refuse_lost_starts(context: Context, undone: Mapping[Cell, Sequence[StepName]]) -> None:
    """UserError where a phase is still to be trained whose start was trained and then deleted."""
    for cell, left in undone.items():
        start = starts_from(context.experiment, cell) if "train" in left else None
        if start is None or "train" in undone[start]:
            continue
        folder = context.folder(start)
        if not trained_student(folder).is_dir() and read_failed_cell(folder) is None:
            raise UserError(
                f"{folder}: its student was deleted, and {cell.name} starts from it; delete the "
                "whole folder to train it again"
            )


def _refuse_foreign_checkpoints(context: Context, trained: Sequence[Cell]) -> None:
    for cell in trained:
        folder = context.folder(cell)
        for file in sorted(
            [
                *folder.glob(f"checkpoint/{PROTOCOL_FILE}"),
                *folder.glob(f"trainer/*/{PROTOCOL_FILE}"),
            ]
        ):
            found, wanted = Protocol.load(file.parent), context.method(cell).name
            if found.method != wanted:
                raise UserError(
                    f"{file.parent}: was trained by {found.method}, and this cell is of {wanted}; "
                    f"delete {folder} to train it, or give a new directory with --out"
                )
            layout = context.student(cell)
            if (found.layout, found.thinking) != (layout.layout, layout.thinking):
                raise UserError(
                    f"{file.parent}: was trained in another layout; delete {folder} to train it, "
                    "or give a new directory with --out"
                )
            known = context.evidence.training
            if found.data_fingerprint and found.data_fingerprint != known:
                raise UserError(
                    f"{file.parent}: was trained on other data than this run's; restore the data, "
                    "or give a new directory with --out"
                )
