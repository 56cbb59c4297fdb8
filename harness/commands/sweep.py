"""`cascod sweep EXPERIMENT --over KEY=V1,V2,...`: a curve for every method over values of one
key.
"""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "sweep"
HELP = "run or resume one experiment at several values of one key, and draw a curve per method"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("experiment", help="a YAML file, or the name of a preset")
    parser.add_argument(
        "--over",
        required=True,
        metavar="KEY=V1,V2,...",
        help="the key that varies and its values, e.g. data.rho=0,0.5,0.8,1",
    )
    parser.add_argument(
        "--out", type=Path, help="directory of the sweep, a run a value (default: runs/NAME-KEY)"
    )
    parser.add_argument("--data", type=Path, help="benchmark data (default: CASCOD_DATA)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="replace another key of the experiment at every value (YAML values)",
    )
    parser.add_argument(
        "--allow-overlap",
        action="store_true",
        help="run though suites ask questions that are trained on; the reports say so",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print what every value would take, and stop before anything is written",
    )


def run(args: argparse.Namespace) -> int:
    """Run every value that is not finished, then print and write the sweep's report.

    The exit status is 1 where a training diverged.
    """
    from rich.console import Console

    from harness.running.experiment import parse_overrides
    from harness.running.sweep import claim_sweep, points, print_sweep_plan, run_sweep
    from reports.sweep_report.build import report_sweep
    from tasks.data_source import local_data_dir

    key, sweep = points(args.experiment, args.over, parse_overrides(args.set))
    data_dir = local_data_dir(args.data)
    console = Console()
    if args.dry_run:
        print_sweep_plan(sweep, data_dir, console)
        return 0
    root = args.out or Path("runs") / f"{sweep[0].experiment.name}-{key}"
    claim_sweep(root, key, sweep)
    well = run_sweep(
        root, sweep, data_dir=data_dir, console=console, allow_overlap=args.allow_overlap
    )
    report_sweep(root, console)
    return 0 if well else 1
