"""`cascod report`: rebuild a run's report from its samples."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "report"
HELP = "rebuild the report of a run directory and print its main tables"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument("run_dir", metavar="RUN", type=Path, help="a run directory")
    parser.add_argument(
        "--published",
        metavar="DIR",
        type=Path,
        help="folder of CSV files with published accuracies to show beside the run's own",
    )


def run(args: argparse.Namespace) -> int:
    """Write RUN/report and print verdicts, accuracies and comparisons."""
    from rich.console import Console

    from reports.rendering.render_terminal import print_report
    from reports.run_report.build import build_report, write_files

    report = build_report(args.run_dir, args.published)
    directory = write_files(report, args.run_dir / "report")
    print_report(report, Console())
    print(f"\nreport: {directory / 'report.html'}")
    return 0
