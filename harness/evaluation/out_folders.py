"""Where the results of evaluated checkpoints go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.logs.run_files import EVALUATION
from tasks.errors import UserError


def out_folders(checkpoints: Sequence[str], out: Path | None) -> list[Path]:
    """A folder for each: `out`, of several a folder in it; by default one beside the weights, or
    here for a student that is no directory. UserError where two would share one.
    """
    names = [_name(checkpoint) for checkpoint in checkpoints]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UserError(f"two checkpoints are called {twice!r}; evaluate them one by one")
    if out is None:
        return [_beside(checkpoint) for checkpoint in checkpoints]
    return [out / name if len(names) > 1 else out for name in names]


def _name(checkpoint: str) -> str:
    path = Path(checkpoint)
    return path.resolve().name if path.is_dir() else checkpoint.replace("/", "--")


def _beside(checkpoint: str) -> Path:
    path = Path(checkpoint)
    return path / EVALUATION if path.is_dir() else Path(EVALUATION) / _name(checkpoint)
