"""A side from whatever path a user gives: a directory of samples or a baseline file."""

from __future__ import annotations

from pathlib import Path

from reports.baseline_file import read_baseline
from reports.samples import Side, read_side


def open_side(path: Path, *, metric: str | None = None, filter_name: str | None = None) -> Side:
    """The runs at `path` as one system; UserError where there are none."""
    if path.is_dir():
        return read_side(path, metric=metric, filter_name=filter_name)
    return read_baseline(path)
