"""What earlier attempts have left of a run's students: nothing foreign, nothing lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.running.cells import starts_from
from harness.running.context import Context
from harness.running.done import trained_student
from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from reports.logs.failed_cells import read_failed_cell
from tasks.errors import UserError
from trainers.protocol import PROTOCOL_FILE, Protocol


def refuse_lost_starts(context: Context, undone: Mapping[Cell, Sequence[StepName]]) -> None:
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


def refuse_foreign_checkpoints(context: Context, trained: Sequence[Cell]) -> None:
    """UserError where a checkpoint is of another method, layout or data than its cell."""
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
