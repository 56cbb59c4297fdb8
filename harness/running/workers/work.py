"""What all kinds of workers have in common: the work of a cell, and who hears how it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from harness.running.progress_board import StepName
from harness.running.run_directory import Cell
from reports.logs.failed_cells import FailedCell

# (step, done, total); total 0 announces that the step was already complete.
StepReport = Callable[[StepName, int, int], None]
# All steps of a cell that are not done yet; what went wrong where its training diverged.
Work = Callable[[Cell, StepReport], FailedCell | None]


class Listener(Protocol):
    """Hears of every cell what happens to it, in the process that the user started."""

    def report(self, cell: str, step: StepName, done: int, total: int) -> None:
        """How far a step of the cell of that name is."""

    def finished(self, cell: Cell, failed: FailedCell | None) -> None:
        """A cell ended, well or not."""

    def moved(self, cell: Cell, why: str) -> None:
        """A cell lost its worker and will be given to another."""


# Does the work of every cell. The first error of one is raised here, and ends the others; so does
# whatever the listener raises, KeyboardInterrupt included.
Workers = Callable[[Work, Sequence[Cell], Listener], None]
