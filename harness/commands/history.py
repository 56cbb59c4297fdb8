"""`cascod history`: the checkpoints that a nightly gate has seen, drawn."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from textwrap import fill

from harness.arguments import positive
from tasks.files import write_whole
from tasks.visible import visible

NAME = "history"
HELP = "draw the checkpoints that `cascod gate --history FILE` has seen"
WIDTH = 80  # what a log is sure to show


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="the history")
    parser.add_argument(
        "--last",
        type=positive,
        default=40,
        metavar="N",
        help="show so many builds, the last ones (default: 40)",
    )
    parser.add_argument("--html", metavar="PAGE", type=Path, help="write a page with all of them")


def run(args: argparse.Namespace) -> int:
    """Print a table with a line a build, and write the page."""
    from reports.gating.history_file import read_history
    from reports.gating.history_rows import history_table, rows_of, summary
    from reports.rendering.terminal import Terminal, print_table

    history = read_history(args.file)
    if args.html is not None:
        from reports.gating.history_chart import history_html

        write_whole(args.html, history_html(history, args.file.name))
    table = history_table(rows_of(history)[-args.last :], drawn=True)
    print_table(table, Terminal(width=None if sys.stdout.isatty() else WIDTH))
    left_out = len(history.builds) - len(table.rows)
    if left_out:
        print(f"{left_out} earlier builds are not shown; --last {len(history.builds)} shows all")
    print(fill(visible(summary(history)), WIDTH))
    if args.html is not None:
        print(f"written to {visible(str(args.html))}")
    return 0
