"""What a run makes of what its workers tell: the board kept, failures counted and said."""

from __future__ import annotations

from harness.running.context import Context
from harness.running.progress_board import ProgressBoard, StepName
from harness.running.run_directory import Cell
from reports.logs.failed_cells import FailedCell
from reports.logs.run_files import FAILED


class RunListener:
    """Hears of the cells of a run; `failed` counts those whose training diverged."""

    def __init__(self, board: ProgressBoard, context: Context) -> None:
        self.failed = 0
        self._board, self._context = board, context

    def report(self, cell: str, step: StepName, done: int, total: int) -> None:
        """Show how far a step is."""
        self._board.report(cell, step, done, total)

    def finished(self, cell: Cell, failed: FailedCell | None) -> None:
        """Say of a failed cell what to delete to try it again."""
        if failed:
            self.failed += 1
            self._board.failed(
                cell.name,
                f"training diverged at step {failed.step} ({failed.reason}); the others go on. "
                f"Delete {self._context.folder(cell) / FAILED} to try it again",
            )

    def moved(self, cell: Cell, why: str) -> None:
        """Say that a cell goes on elsewhere."""
        self._board.moved(cell.name, f"{why}; it goes on elsewhere from its last checkpoint")
