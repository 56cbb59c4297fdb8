"""Cells whose training went wrong: what a cell's failed.json says."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from reports.logs.run_files import CELLS, FAILED, REPEATED_CELLS
from tasks.errors import UserError
from tasks.files import read_json, write_json


@dataclass(frozen=True, slots=True)
class FailedCell:
    """A training that diverged at an optimizer step, counted from 1, and why.

    `repeat`: it was run again for the noise floor.
    """

    student: str
    method: str
    seed: int
    step: int
    reason: str
    repeat: bool = False

    @property
    def sentence(self) -> str:
        """Which training went wrong, and where."""
        return (
            f"{self.student} / {self.method} seed {self.seed}{' again' if self.repeat else ''}: "
            "training diverged at step "
            f"{self.step} ({self.reason})"
        )


def write_failed_cell(cell_dir: Path, failed: FailedCell) -> None:
    """Note in a cell that its training went wrong."""
    write_json(cell_dir / FAILED, asdict(failed))


def read_failed_cell(cell_dir: Path) -> FailedCell | None:
    """What a cell says went wrong; None where nothing did. UserError where it cannot be read."""
    path = cell_dir / FAILED
    content = read_json(path, needed=False)
    if not content:
        return None
    try:
        return FailedCell(**content)
    except TypeError as error:
        raise UserError(f"{path}: not a failed cell ({error})") from None


def failed_cells(run_dir: Path) -> tuple[FailedCell, ...]:
    """All cells of a run whose training went wrong."""
    folders = (
        path.parent
        for kind in (CELLS, REPEATED_CELLS)
        for path in sorted(run_dir.glob(f"{kind}/*/*/*/{FAILED}"))
    )
    found = map(read_failed_cell, folders)
    return tuple(cell for cell in found if cell is not None)
