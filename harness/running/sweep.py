"""A sweep: the runs of its points in turn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness.running.cells import cells
from harness.running.done import undone_steps
from harness.running.dry_run import print_plan
from harness.running.experiment import Experiment
from harness.running.experiment_file import dump_experiment
from harness.running.run_and_report import run_and_report
from harness.running.run_directory import RunDirectory
from harness.running.sweep_points import Point
from reports.logs.run_files import REPORT, REPORT_FILE
from reports.rendering.terminal import plain


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
