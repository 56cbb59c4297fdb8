"""A sweep's directory: taken for it, or refused because it is another's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from harness.running.run_directory import first_difference
from harness.running.sweep_points import Point, content_of
from reports.logs.plan import is_extended
from reports.sweep_report.sweep_file import SWEEP_FILE, SweepFile, is_sweep, read_sweep_file
from tasks.errors import UserError
from tasks.files import write_whole


def claim_sweep(root: Path, key: str, sweep: Sequence[Point]) -> None:
    """Take the directory for this sweep, or add values to its own; UserError if it is another.

    Seeds may be added too, at these values alone.
    """
    common = _without(content_of(sweep[0].experiment), key)
    runs = [point.folder for point in sweep]
    if is_sweep(root):
        there = read_sweep_file(root)
        more = ("seeds",) if is_extended(there.experiment.get("seeds"), common["seeds"]) else ()
        changed = first_difference(there.experiment, common, apart_from=more) or (
            "" if there.key == key else "key"
        )
        if changed:
            raise UserError(
                f"{root}: holds a sweep over {there.key} of another experiment ({changed} "
                "differs); give a new directory with --out"
            )
        runs = [*there.runs, *(run for run in runs if run not in there.runs)]
    elif root.exists() and any(root.iterdir()):
        raise UserError(f"{root}: not empty and not a sweep; give a new directory with --out")
    content = SweepFile(key, tuple(runs), common).to_row()
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
    write_whole(root / SWEEP_FILE, text)


def _without(content: dict[str, Any], key: str) -> dict[str, Any]:
    first, _, rest = key.partition(".")
    changed = {name: value for name, value in content.items() if name != first}
    if rest and isinstance(content.get(first), dict):
        changed[first] = _without(content[first], rest)
    return changed
