"""`cascod published`: what a printed table of accuracies can and cannot say."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.errors import UserError

if TYPE_CHECKING:
    from reports.printed_tables.printed_pairs import PrintedTable

NAME = "published"
HELP = "what the accuracies of published tables allow to be said, pair by pair"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "directory",
        metavar="DIR",
        type=Path,
        help="CSV files with the columns source,student,method,benchmark,accuracy,sd,runs and, "
        "where a benchmark is none of ours, items",
    )
    parser.add_argument(
        "--run",
        dest="run_dir",
        metavar="RUN",
        type=Path,
        help="a run directory: its contrasts beside theirs",
    )
    parser.add_argument(
        "--method", metavar="NAME", help="every pair of this method, not the summary alone"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write all pairs here")


def run(args: argparse.Namespace) -> int:
    """Print a row a table and, of one method, a row a pair."""
    from reports.printed_tables.pair_tables import pairs_table, summary_table
    from reports.printed_tables.printed_pairs import printed_tables
    from reports.rendering.as_json import jsonable
    from reports.rendering.terminal import Terminal, print_table
    from reports.run_report.build import build_report
    from reports.run_report.published import read_published
    from tasks.files import write_json

    published = read_published(args.directory)
    tables = printed_tables(
        published, build_report(args.run_dir).comparisons if args.run_dir else ()
    )
    if not tables:
        raise UserError(
            f"{args.directory}: no two methods on one benchmark whose number of items is known; "
            "give it in a column `items`"
        )
    console = Terminal()
    print_table(summary_table(tables), console)
    for line in _caveats(tables):
        print(line)
    if args.method:
        if all(args.method not in (p.better, p.other) for table in tables for p in table.pairs):
            raise UserError(f"{args.directory}: no pair has the method {args.method!r}")
        print_table(pairs_table(tables, args.method), console)
    if args.json:
        write_json(args.json, jsonable(tables))
    return 0


def _caveats(tables: Sequence[PrintedTable]) -> list[str]:
    pairs = [pair for table in tables for pair in table.pairs]
    single = sum(pair.over_runs is None for pair in pairs)
    return [
        "beyond chance: a paired test is below 5% whichever items the two have right; within "
        "chance: it never is.",
        "Both are about these checkpoints on these items; p values count items as independent.",
        f"{single} of {len(pairs)} pairs are printed without a spread over runs on both sides: of "
        "them nothing is known of other seeds.",
    ]
