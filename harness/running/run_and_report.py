"""A run directory from beginning to end: train and evaluate what is lacking, then the report."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from harness.running.experiment import Experiment
from harness.running.runner import run_experiment
from reports.logs.run_files import REPORT
from reports.run_report.build import build_report
from reports.run_report.report_content import Report
from reports.run_report.write import write_files


def run_and_report(
    experiment: Experiment,
    root: Path,
    *,
    data_dir: Path | None,
    console: Console,
    noise_floor: bool = False,
    allow_overlap: bool = False,
    published: Path | None = None,
    ray_address: str | None = None,
) -> tuple[Report, Path]:
    """Run or resume the experiment in `root`; its report, and the folder that it was written to."""
    directory = run_experiment(
        experiment,
        root,
        data_dir=data_dir,
        console=console,
        noise_floor=noise_floor,
        allow_overlap=allow_overlap,
        ray_address=ray_address,
    )
    report = build_report(directory.root, published)
    return report, write_files(report, directory.root / REPORT)
