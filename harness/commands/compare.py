"""`cascod compare`: systems on the same items, whoever logged them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import count
from harness.commands.gate import LOG_WIDTH, add_sample_arguments, opened
from tasks.errors import UserError
from tasks.files import write_whole
from tasks.visible import visible

if TYPE_CHECKING:
    from reports.comparing.compared import Compared

NAME = "compare"
HELP = "compare systems item by item: paired differences, intervals, flipped items"
IN_A_FILE = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "systems",
        metavar="DIR",
        type=Path,
        nargs="+",
        help="two or more directories of lm-eval samples or of Inspect logs, the baseline first; "
        "all runs below one directory are seeds of one system; a single log of Inspect, a system "
        "of a table (scores.csv#name) or a baseline file will do, too",
    )
    for name, what in (
        ("json", "everything as JSON"),
        ("md", "tables and flipped items as Markdown"),
        ("tex", "the tables as LaTeX (booktabs)"),
        ("html", "tables and flipped items as one page"),
    ):
        parser.add_argument(f"--{name}", metavar="FILE", type=Path, help=f"write {what}")
    parser.add_argument(
        "--flips",
        metavar="N",
        type=count,
        default=2,
        help="flipped items to print each way (default: 2; files hold up to 50)",
    )
    add_sample_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the comparison and write the files that were asked for."""
    import numpy as np

    from reports.comparing.compared import compare_sides

    if len(args.systems) < 2:
        raise UserError("a comparison needs two directories or more, the baseline first")
    compared = compare_sides(
        opened(args.systems, args),
        intersect=args.intersect,
        flips=max(args.flips, IN_A_FILE),
        rng=np.random.default_rng(0),
        lower_is_better=args.higher_is_better == "no",
    )
    written = _write(compared, args)
    _print(compared, args.flips)
    for path in written:
        print(f"written: {visible(str(path))}")
    return 0


def _print(compared: Compared, flips: int) -> None:
    from rich.console import Console

    from reports.comparing.compared_tables import summary
    from reports.comparing.render_compared import tables
    from reports.comparing.render_flip import print_flip
    from reports.rendering.terminal import plain, print_table

    console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    for system in compared.systems:
        seeds = f"{len(system.seeds)} seed{'s' if len(system.seeds) > 1 else ''}"
        console.print(f"[bold]{plain(system.name)}[/]: {seeds}", highlight=False)
    console.print(
        f"{compared.items:,} items of {compared.tasks} task{'s' if compared.tasks > 1 else ''} in "
        f"{compared.clusters:,} clusters\n",
        highlight=False,
    )
    for sentence in summary(compared):
        console.print(f"- {plain(sentence)}", highlight=False)
    console.print()
    for table in tables(compared):
        print_table(table, console)
    for name, (gained, lost) in compared.flipped.items():
        console.print(f"{plain(name)}: {gained} items gained, {lost} lost", highlight=False)
        own = [flip for flip in compared.flips if flip.treatment == name]
        for kind in (False, True):
            for flip in [flip for flip in own if flip.gained is kind][:flips]:
                print_flip(flip, console)
    for note in compared.notes:
        console.print(f"note: {plain(note)}", style="dim", highlight=False)


def _write(compared: Compared, args: argparse.Namespace) -> list[Path]:
    from reports.comparing.render_compared import (
        compared_html,
        compared_latex,
        compared_markdown,
    )
    from reports.rendering.as_json import to_json

    renderers = {
        "json": to_json,
        "md": compared_markdown,
        "tex": compared_latex,
        "html": compared_html,
    }
    wanted = {name: path for name in renderers if (path := getattr(args, name)) is not None}
    for name, path in wanted.items():
        write_whole(path, renderers[name](compared))
    return list(wanted.values())
