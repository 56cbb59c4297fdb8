"""A sweep: its directory, and the runs of its points in turn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console

from harness.running.cells import cells
from harness.running.done import undone_steps
from harness.running.dry_run import print_plan
from harness.running.experiment import Experiment
from harness.running.experiment_file import dump_experiment
from harness.running.run_and_report import run_and_report
from harness.running.run_directory import RunDirectory, first_difference
from harness.running.sweep_points import Point, content_of
from reports.logs.plan import is_extended
from reports.logs.run_files import REPORT, REPORT_FILE
from reports.rendering.terminal import plain
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


def run_sweep(
    root: Path,
    sweep: Sequence[Point],
    *,
    data_dir: Path | None,
    console: Console,
    allow_overlap: bool = False,
) -> bool:
    """Run or resume every value in turn; one that is finished is passed over.

    Returns whether every training went well.
    """
    well = True
    for number, point in enumerate(sweep, start=1):
        directory = root / point.folder
        console.rule(f"{plain(point.folder)} ({number} of {len(sweep)})")
        if _finished(RunDirectory(directory), point.experiment):
            console.print("already done")
            continue
        report, written = run_and_report(
            point.experiment,
            directory,
            data_dir=data_dir,
            console=console,
            allow_overlap=allow_overlap,
        )
        console.print(f"report: {plain(str(written / 'report.html'))}", highlight=False)
        well = well and not report.failed
    return well


def print_sweep_plan(sweep: Sequence[Point], data_dir: Path | None, console: Console) -> float:
    """Print what every value would take, without training it; returns the FLOPs of all."""
    flops = 0.0
    for number, point in enumerate(sweep, start=1):
        console.rule(f"{plain(point.folder)} ({number} of {len(sweep)})")
        flops += print_plan(point.experiment, data_dir, console)
    console.print(f"training for all {len(sweep)} values: {flops:.2e} FLOPs", highlight=False)
    return flops


def _finished(run: RunDirectory, experiment: Experiment) -> bool:
    """Whether every step of every cell and the report are there, of exactly this experiment."""
    if not run.experiment_file.exists():
        return False
    if run.experiment_file.read_text(encoding="utf-8") != dump_experiment(experiment):
        return False
    if any(undone_steps(experiment, cell, run.cell(cell)) for cell in cells(experiment)):
        return False
    return (run.root / REPORT / REPORT_FILE).exists()


def _without(content: dict[str, Any], key: str) -> dict[str, Any]:
    first, _, rest = key.partition(".")
    changed = {name: value for name, value in content.items() if name != first}
    if rest and isinstance(content.get(first), dict):
        changed[first] = _without(content[first], rest)
    return changed
