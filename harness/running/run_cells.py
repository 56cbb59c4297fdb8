"""Have the cells of a run worked on, and show how it goes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from rich.console import Console

from harness.running.cells import in_phases, steps
from harness.running.context import Context
from harness.running.progress_board import ProgressBoard, clock
from harness.running.run_directory import Cell
from harness.running.run_listener import RunListener
from harness.running.workers.work import StepReport
from harness.running.workforce import Workforce
from reports.logs.failed_cells import FailedCell


def run_cells(
    context: Context, todo: Sequence[Cell], workforce: Workforce, console: Console
) -> None:
    """Do all steps of all cells that are not done yet; what failed is said at the end."""
    board = ProgressBoard(
        [(cell.name, step) for cell in todo for step in steps(context.experiment, cell)],
        jobs=workforce.jobs,
        console=console,
    )
    listener = RunListener(board, context)
    started = time.monotonic()
    with board:
        # One after the other, so that what several cells start from is trained once, by one worker.
        for phase in in_phases(context.experiment, todo):
            workforce.do(partial(_work, context), phase, listener)
    took = clock(time.monotonic() - started)
    if failed := listener.failed:
        console.print(
            f"[red]{len(todo) - failed} of {len(todo)} cells done in {took}; "
            f"the training of {failed} diverged[/red]"
        )
    else:
        console.print(f"all {len(todo)} cells done in {took}")


def _work(context: Context, cell: Cell, report: StepReport) -> FailedCell | None:
    # It loads torch and lm-eval, which a process that only waits for its workers can do without.
    from harness.running.cell_steps import run_cell

    return run_cell(context, cell, report)
