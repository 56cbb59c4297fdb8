"""The file that makes a directory a grid: the outer key, and the sweep of each of its values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import read_yaml

GRID_FILE = "grid.yaml"


@dataclass(frozen=True, slots=True)
class GridFile:
    """The dotted outer key and, beside the file, the sweep directory of each of its values."""

    key: str
    sweeps: tuple[str, ...]

    def to_row(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {"key": self.key, "sweeps": list(self.sweeps)}


def is_grid(directory: Path) -> bool:
    """Whether a directory holds a grid."""
    return (directory / GRID_FILE).is_file()


def read_grid_file(directory: Path) -> GridFile:
    """The grid of a directory; UserError where the file is broken."""
    path = directory / GRID_FILE
    content = read_yaml(path)
    key, sweeps = content.get("key"), content.get("sweeps")
    if not isinstance(key, str):
        raise UserError(f"{path}: key is needed; run the sweep again")
    if not isinstance(sweeps, list) or not sweeps or not all(isinstance(s, str) for s in sweeps):
        raise UserError(f"{path}: sweeps must name the folder of every value")
    return GridFile(key, tuple(sweeps))
