"""`cascod sweep EXPERIMENT --over KEY=V1,V2,...`: a curve for every method over one key; with a
second `--over`, the plan's difference as a surface.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

NAME = "sweep"
HELP = "run or resume one experiment at several values of one key or two, and draw curves"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("experiment", help="a YAML file, or the name of a preset")
    parser.add_argument(
        "--over",
        required=True,
        action="append",
        metavar="KEY=V1,V2,...",
        help="the key that varies and its values, e.g. data.rho=0,0.5,0.8,1; given twice: a sweep "
        "over the second at every value of the first",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="directory of the sweep, a run a value (default: runs/NAME-KEY[-KEY])",
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
    """Run every value that is not finished, then print and write the report.

    The exit status is 1 where a training diverged.
    """
    from harness.running.experiment_file import parse_overrides
    from reports.rendering.terminal import Terminal
    from tasks.data_source import local_data_dir
    from tasks.errors import UserError

    if len(args.over) > 2:
        raise UserError(f"--over: given {len(args.over)} times; at most two keys vary")
    overrides, data_dir = parse_overrides(args.set), local_data_dir(args.data)
    run_keys = _run_sweep if len(args.over) == 1 else _run_grid
    return run_keys(args, overrides, data_dir, Terminal())


def _run_sweep(
    args: argparse.Namespace, overrides: dict[str, Any], data_dir: Path | None, console: Console
) -> int:
    from harness.running.claim_sweep import claim_sweep
    from harness.running.sweep import print_sweep_plan, run_sweep
    from harness.running.sweep_points import points
    from reports.sweep_report.build import report_sweep

    key, sweep = points(args.experiment, args.over[0], overrides)
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


def _run_grid(
    args: argparse.Namespace, overrides: dict[str, Any], data_dir: Path | None, console: Console
) -> int:
    from harness.running.grid import grid, print_grid_plan, run_grid
    from reports.grid_report.build import report_grid

    outer, inner = args.over
    keys = grid(args.experiment, outer, inner, overrides)
    if args.dry_run:
        print_grid_plan(keys, data_dir, console)
        return 0
    root = args.out or Path("runs") / f"{keys.name}-{keys.outer_key}-{keys.inner_key}"
    well = run_grid(
        root, keys, data_dir=data_dir, console=console, allow_overlap=args.allow_overlap
    )
    report_grid(root, console)
    return 0 if well else 1
