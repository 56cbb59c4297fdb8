"""The work of one cell, step by step: what is done is passed over, what was cut off goes on."""

from __future__ import annotations

from contextlib import closing, nullcontext
from functools import partial

from harness.running.context import Context
from harness.running.done import done_steps, undone_steps
from harness.running.lease import leased
from harness.running.run_directory import Cell
from harness.running.steps.asking import CellStudents
from harness.running.steps.table import STEPS
from harness.running.workers.work import StepReport
from reports.logs.failed_cells import FailedCell, read_failed_cell, write_failed_cell
from trainers.divergence import Diverged


def run_cell(context: Context, cell: Cell, report: StepReport) -> FailedCell | None:
    """Do all steps of a cell that are not done yet.

    Where its training diverges, now or in an earlier attempt, the cell ends there, and what went
    wrong is returned.
    """
    folder = context.folder(cell)
    if failed := read_failed_cell(folder):
        return failed
    undone = undone_steps(context.experiment, cell, folder)
    with leased(folder) if undone else nullcontext():
        try:
            _do_steps(context, cell, report)
        except Diverged as error:
            assert cell.seed is not None
            failed = FailedCell(
                cell.student, cell.method, cell.seed, error.step, error.reason, cell.repeat
            )
            write_failed_cell(folder, failed)
            return failed
    return None


def _do_steps(context: Context, cell: Cell, report: StepReport) -> None:
    with closing(CellStudents(context, cell)) as students:
        for step, done in done_steps(context.experiment, cell, context.folder(cell)).items():
            if done:
                report(step, 0, 0)
            else:
                STEPS[step](context, cell, students, partial(report, step))
