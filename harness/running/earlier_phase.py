"""The student that a method goes on from, of another method and the same seed."""

from __future__ import annotations

from pathlib import Path

from harness.running.cells import starts_from
from harness.running.context import Context
from harness.running.done import trained_student
from harness.running.run_directory import Cell
from reports.logs.failed_cells import read_failed_cell
from trainers.divergence import Diverged


def earlier_student(context: Context, cell: Cell) -> Path | None:
    """The student of the same seed that an earlier phase has left; None where there is none.

    `Diverged` where its training did.
    """
    start = starts_from(context.experiment, cell)
    if start is None:
        return None
    if failed := read_failed_cell(context.folder(start)):
        raise Diverged(failed.step, f"in {failed.method}, which it starts from: {failed.reason}")
    return trained_student(context.folder(start))
