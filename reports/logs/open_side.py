"""A side from whatever path a user gives: logged samples or a baseline file."""

from __future__ import annotations

from pathlib import Path

from reports.logs.baseline_file import read_baseline
from reports.logs.inspect_logs import ENDING, read_inspect_side
from reports.logs.sample_files import SAMPLES
from reports.logs.samples import Side, read_side
from tasks.errors import UserError


def open_side(path: Path, *, metric: str | None = None, filter_name: str | None = None) -> Side:
    """The runs at `path` as one system: samples of lm-eval, `.eval` logs of Inspect, a baseline
    file.

    UserError where there are none, or where a directory holds samples of both harnesses.
    """
    if path.is_dir():
        inspect = _holds(path, f"*{ENDING}")
        if inspect and _holds(path, SAMPLES):
            raise UserError(
                f"{path}: holds samples of lm-eval and logs of Inspect; give a directory of one "
                "kind"
            )
    else:
        inspect = path.suffix == ENDING
    if inspect:
        if filter_name is not None:
            raise UserError(f"{path}: --filter has no meaning for logs of Inspect; leave it out")
        return read_inspect_side(path, metric=metric)
    if path.is_dir():
        return read_side(path, metric=metric, filter_name=filter_name)
    return read_baseline(path)


def _holds(directory: Path, pattern: str) -> bool:
    return next(directory.rglob(pattern), None) is not None
