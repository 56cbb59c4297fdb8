"""The work of one cell, step by step: what is done is passed over, what was cut off goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from harness.running.context import Context
from harness.running.done import done_steps
from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from harness.running.steps.evaluate import evaluate_cell
from harness.running.steps.probe import probe_cell
from harness.running.steps.sample import sample_cell
from harness.running.steps.select import select_checkpoint
from harness.running.steps.train import train_cell
from reports.logs.failed_cells import FailedCell, read_failed_cell, write_failed_cell
from tasks.progress import Progress
from trainers.divergence import Diverged

StepReport = Callable[[StepName, int, int], None]

STEPS: dict[StepName, Callable[[Context, Cell, Progress], None]] = {
    "train": train_cell,
    "select": select_checkpoint,
    "evaluate": evaluate_cell,
    "sample": sample_cell,
    "probe": probe_cell,
}


def run_cell(context: Context, cell: Cell, report: StepReport) -> FailedCell | None:
    """Do all steps of a cell that are not done yet.

    Where its training diverges, now or in an earlier attempt, the cell ends there, and what went
    wrong is returned.
    """
    if failed := read_failed_cell(context.folder(cell)):
        return failed
    try:
        _do_steps(context, cell, report)
    except Diverged as error:
        assert cell.seed is not None
        failed = FailedCell(
            cell.student, cell.method, cell.seed, error.step, error.reason, cell.repeat
        )
        write_failed_cell(context.folder(cell), failed)
        return failed
    return None


def _do_steps(context: Context, cell: Cell, report: StepReport) -> None:
    for step, done in done_steps(context.experiment, cell, context.folder(cell)).items():
        if done:
            report(step, 0, 0)
        else:
            STEPS[step](context, cell, partial(report, step))
