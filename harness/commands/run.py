"""`cascod run EXPERIMENT`: train, evaluate and report, or go on from where it stopped."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.running.preset_files import preset_names

NAME = "run"
HELP = "run or resume an experiment: a YAML file or a preset"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("experiment", help=f"a YAML file, or a preset: {', '.join(preset_names())}")
    parser.add_argument("--out", type=Path, help="run directory (default: runs/NAME)")
    parser.add_argument("--data", type=Path, help="benchmark data (default: CASCOD_DATA)")
    parser.add_argument("--published", type=Path, help="CSV files of published figures to show")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="replace a key of the experiment, e.g. --set training.epochs=2 (YAML values)",
    )
    parser.add_argument(
        "--noise-floor",
        action="store_true",
        help=(
            "run one cell a second time with nothing changed; the report shows how far they differ"
        ),
    )
    parser.add_argument(
        "--allow-overlap",
        action="store_true",
        help="run though suites ask questions that are trained on; the report says so",
    )
    parser.add_argument(
        "--ray",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="run the cells on a Ray cluster (default: the one that this machine is part of)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="print cells, tokens, FLOPs and memory, and stop"
    )


def run(args: argparse.Namespace) -> int:
    """Run the experiment and print its report; the exit status is 1 where a training diverged."""
    from harness.running.experiment_file import load_experiment, parse_overrides
    from reports.rendering.terminal import Terminal
    from tasks.data_source import local_data_dir

    overrides = parse_overrides(args.set) | ({} if args.ray is None else {"workers": "ray"})
    experiment = load_experiment(args.experiment, overrides)
    data_dir = local_data_dir(args.data)
    console = Terminal()
    if args.dry_run:
        from harness.running.dry_run import print_plan

        print_plan(experiment, data_dir, console)
        return 0

    from harness.running.run_and_report import run_and_report
    from reports.rendering.terminal import plain
    from reports.run_report.render_terminal import print_report

    report, written = run_and_report(
        experiment,
        args.out or Path("runs") / experiment.name,
        data_dir=data_dir,
        console=console,
        noise_floor=args.noise_floor,
        allow_overlap=args.allow_overlap,
        published=args.published,
        ray_address=args.ray or None,
    )
    print_report(report, console)
    console.print(f"report: {plain(str(written / 'report.html'))}", highlight=False)
    return 1 if report.failed else 0
