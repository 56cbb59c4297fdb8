"""`cascod rank`: any number of systems in order, and which of them can be told apart."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import seed
from harness.commands.gate import add_sample_arguments, reading_of
from tasks.errors import UserError
from tasks.files import write_whole
from tasks.visible import visible

if TYPE_CHECKING:
    from reports.ranking.ranked import Ranked

NAME = "rank"
HELP = "rank systems on the same items: groups that cannot be told apart, ranks with intervals"
# A ranking is narrow enough for any log.
WIDTH = 80


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "systems",
        metavar="DIR",
        type=Path,
        nargs="+",
        help="directories of lm-eval samples or of Inspect logs (all runs below one are seeds of "
        "one system), logs of Inspect, baseline files, or tables of scores: all systems of "
        "scores.csv, or scores.csv#name",
    )
    for name, what in (
        ("json", "everything as JSON"),
        ("md", "the leaderboard as Markdown"),
        ("tex", "the leaderboard as LaTeX (booktabs)"),
        ("html", "leaderboard and all pairs as one page"),
    ):
        parser.add_argument(f"--{name}", metavar="FILE", type=Path, help=f"write {what}")
    parser.add_argument("--seed", type=seed, default=0, help="of the random numbers (default: 0)")
    add_sample_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print the leaderboard and write the files that were asked for."""
    import numpy as np

    from reports.logs.open_side import open_systems
    from reports.ranking.ranked import rank_sides

    reading = reading_of(args)
    with _no_collecting():
        sides = [side for path in args.systems for side in open_systems(path, reading)]
    if len(sides) < 2:
        raise UserError("a ranking needs two systems or more")
    names = [side.name for side in sides]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UserError(f"{twice} is given twice")
    ranked = rank_sides(
        sides,
        intersect=args.intersect,
        rng=np.random.default_rng(args.seed),
        lower_is_better=args.higher_is_better == "no",
    )
    written = _write(ranked, args)
    _print(ranked)
    for path in written:
        print(f"written: {visible(str(path))}")
    return 0


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Rows by the million hold no circles; the collector would walk over all of them again and
    again, for a fifth of the time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _print(ranked: Ranked) -> None:
    from reports.ranking.ranked_tables import leaderboard, summary
    from reports.rendering.numerals import counted
    from reports.rendering.terminal import Terminal, plain, print_table

    console = Terminal(width=None if sys.stdout.isatty() else WIDTH)
    console.print(
        f"{counted(ranked.items, 'item')} of {counted(ranked.tasks, 'task')} in "
        f"{counted(ranked.clusters, 'cluster')}\n",
        highlight=False,
    )
    print_table(leaderboard(ranked), console)
    for sentence in summary(ranked):
        console.print(f"- {plain(sentence)}", highlight=False)
    for note in ranked.notes:
        console.print(f"note: {plain(note)}", style="dim", highlight=False)


def _write(ranked: Ranked, args: argparse.Namespace) -> list[Path]:
    from reports.ranking.render_ranked import ranked_html, ranked_latex, ranked_markdown
    from reports.rendering.as_json import to_json

    renderers = {
        "json": to_json,
        "md": ranked_markdown,
        "tex": ranked_latex,
        "html": ranked_html,
    }
    wanted = {name: path for name in renderers if (path := getattr(args, name)) is not None}
    for name, path in wanted.items():
        write_whole(path, renderers[name](ranked))
    return list(wanted.values())
