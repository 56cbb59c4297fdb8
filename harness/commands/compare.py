"""`cascod compare`: systems on the same items, whoever logged them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import count
from harness.commands.gate import add_sample_arguments, opened
from harness.governing.masking import add_redact_arguments, redacted_as_asked
from tasks.errors import UserError
from tasks.visible import visible

if TYPE_CHECKING:
    from reports.comparing.compared import Compared

NAME = "compare"
HELP = "compare systems item by item: paired differences, intervals, flipped items"
IN_A_FILE = 50
FORMS = {
    "json": "everything as JSON",
    "md": "tables and flipped items as Markdown",
    "tex": "the tables as LaTeX (booktabs)",
    "html": "tables and flipped items as one page",
}


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
    for name, what in FORMS.items():
        parser.add_argument(f"--{name}", metavar="FILE", type=Path, help=f"write {what}")
    parser.add_argument(
        "--flips",
        metavar="N",
        type=count,
        default=2,
        help="flipped items to print each way (default: 2; files hold up to 50)",
    )
    add_redact_arguments(parser)
    add_sample_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the comparison and write the files that were asked for."""
    import numpy as np

    from reports.comparing.compared import compare_sides
    from reports.comparing.write_compared import write_compared

    if len(args.systems) < 2:
        raise UserError("a comparison needs two directories or more, the baseline first")
    compared = redacted_as_asked(
        compare_sides(
            opened(args.systems, args),
            intersect=args.intersect,
            flips=max(args.flips, IN_A_FILE),
            rng=np.random.default_rng(0),
            lower_is_better=args.higher_is_better == "no",
        ),
        args,
    )
    files = {form: path for form in FORMS if (path := getattr(args, form)) is not None}
    write_compared(compared, files)
    _print(compared, args.flips)
    for path in files.values():
        print(f"written: {visible(str(path))}")
    return 0


def _print(compared: Compared, flips: int) -> None:
    from reports.comparing.compared_tables import summary
    from reports.comparing.render_compared import errors_by_kind, tables
    from reports.comparing.render_flip import print_flip
    from reports.rendering.numerals import counted
    from reports.rendering.terminal import plain, print_table, wide_terminal

    console = wide_terminal()
    for system in compared.systems:
        seeds = counted(len(system.seeds), "seed")
        console.print(f"[bold]{plain(system.name)}[/]: {seeds}", highlight=False)
    console.print(
        f"{counted(compared.items, 'item')} of {counted(compared.tasks, 'task')} in "
        f"{counted(compared.clusters, 'cluster')}\n",
        highlight=False,
    )
    for sentence in summary(compared):
        console.print(f"- {plain(sentence)}", highlight=False)
    console.print()
    for table in tables(compared):
        print_table(table, console)
    if errors := errors_by_kind(compared):
        print_table(errors, console)
    for name, (gained, lost) in compared.flipped.items():
        console.print(f"{plain(name)}: {gained} items gained, {lost} lost", highlight=False)
        own = [flip for flip in compared.flips if flip.treatment == name]
        for kind in (False, True):
            for flip in [flip for flip in own if flip.gained is kind][:flips]:
                print_flip(flip, console)
    for note in compared.notes:
        console.print(f"note: {plain(note)}", style="dim", highlight=False)
