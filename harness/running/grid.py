"""A sweep at every value of a second key: what to run, and where each sweep lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from harness.running.claim_sweep import claim_sweep
from harness.running.sweep import print_sweep_plan, run_sweep
from harness.running.sweep_points import Point, points
from reports.grid_report.grid_file import GRID_FILE, GridFile, is_grid, read_grid_file
from reports.rendering.terminal import plain
from reports.sweep_report.build import report_sweep
from tasks.errors import UserError
from tasks.files import write_whole


@dataclass(frozen=True, slots=True)
class Slice:
    """The sweep at one value of the outer key, and the folder of it."""

    folder: str
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Grid:
    """Two dotted keys and a sweep over the inner one at every value of the outer one."""

    outer_key: str
    inner_key: str
    slices: list[Slice]

    @property
    def name(self) -> str:
        """The experiment's name."""
        return self.slices[0].points[0].experiment.name


def grid(name_or_path: str, outer: str, inner: str, overrides: dict[str, Any]) -> Grid:
    """The grid of two `KEY=V1,V2,...`; UserError for what a sweep refuses and for a key twice."""
    outer_key, values = points(name_or_path, outer, overrides)
    if inner.partition("=")[0] == outer_key:
        raise UserError(f"--over {outer_key}: is given twice; a grid is over two keys")
    slices = []
    for value in values:
        inner_key, found = points(name_or_path, inner, overrides | {outer_key: value.value})
        slices.append(Slice(value.folder, found))
    return Grid(outer_key, inner_key, slices)


def run_grid(
    root: Path, grid: Grid, *, data_dir: Path | None, console: Console, allow_overlap: bool = False
) -> bool:
    """Run or resume every sweep in turn, with its report; whether every training went well."""
    _claim(root, grid)
    well = True
    for piece in grid.slices:
        directory = root / piece.folder
        console.rule(plain(piece.folder))
        claim_sweep(directory, grid.inner_key, piece.points)
        well &= run_sweep(
            directory,
            piece.points,
            data_dir=data_dir,
            console=console,
            allow_overlap=allow_overlap,
        )
        report_sweep(directory, console)
    return well


def print_grid_plan(grid: Grid, data_dir: Path | None, console: Console) -> None:
    """Print what every corner would take; nothing is trained or written."""
    flops = 0.0
    for piece in grid.slices:
        console.rule(plain(piece.folder))
        flops += print_sweep_plan(piece.points, data_dir, console)
    console.print(f"training for the whole grid: {flops:.2e} FLOPs", highlight=False)


def _claim(root: Path, grid: Grid) -> None:
    """Take the directory for this grid, or add values to its own; UserError if it is another."""
    folders: Sequence[str] = [piece.folder for piece in grid.slices]
    if is_grid(root):
        there = read_grid_file(root)
        if there.key != grid.outer_key:
            raise UserError(
                f"{root}: holds a grid over {there.key}; give a new directory with --out"
            )
        folders = [*there.sweeps, *(each for each in folders if each not in there.sweeps)]
    elif root.exists() and any(root.iterdir()):
        raise UserError(f"{root}: not empty and not a grid; give a new directory with --out")
    content = GridFile(grid.outer_key, tuple(folders)).to_row()
    write_whole(root / GRID_FILE, yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
