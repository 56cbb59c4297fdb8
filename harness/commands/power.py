"""`cascod power`: what a finished comparison could find, and what a planned one would need."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import share
from harness.commands.gate import add_sample_arguments, joined_as_told, opened
from tasks.errors import UserError
from tasks.visible import visible

if TYPE_CHECKING:
    from reports.rendering.tables import Table
    from reports.statistics.power import Aim, Pilot

NAME = "power"
HELP = "the smallest difference that a comparison can find, and what a planned one needs"
MULTIPLES = (1, 2, 5, 10, 50)
SEEDS = (2, 3, 5, 10)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    place = "directory of lm-eval samples or Inspect logs, all below it are seeds of one system"
    parser.add_argument("baseline", metavar="BASELINE", type=Path, help=place)
    parser.add_argument("treatment", metavar="TREATMENT", type=Path, help=place)
    parser.add_argument(
        "--effect",
        type=share,
        default=0.02,
        help="the true difference that a planned run should find (default: 0.02, 2 points)",
    )
    parser.add_argument(
        "--power", type=share, default=0.8, help="with this probability (default: 0.8)"
    )
    parser.add_argument(
        "--level", type=share, default=0.05, help="at this level of the test (default: 0.05)"
    )
    parser.add_argument(
        "--gate",
        action="store_true",
        help="plan a gate: one-sided, --effect is its margin and the candidate is truly equal",
    )
    add_sample_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Print what the pilot finds and what would find the effect."""
    from reports.rendering.numerals import counted
    from reports.rendering.terminal import print_table, wide_terminal
    from reports.statistics.contrast import compare
    from reports.statistics.power import Aim, found_by, pilot
    from reports.statistics.weights import EVERYTHING, design_of

    joined = joined_as_told(opened((args.baseline, args.treatment), args), args)
    if not joined.scale.bounded:
        raise UserError(
            "these scores leave [0, 1], and planning is in points; divide them by their range"
        )
    _, design = design_of(joined.items, EVERYTHING)
    if not design.estimable:
        raise UserError("the items form too few clusters to tell how much a result would vary")
    baseline, treatment = joined.correct
    seeds = min(len(baseline), len(treatment))
    plan = pilot(treatment, baseline, design)
    aim = Aim(level=args.level, power=args.power, sides=1 if args.gate else 2)
    finds = 100 * found_by(compare(treatment, baseline, design), aim)
    print(f"pilot: {visible(joined.names[1])} against {visible(joined.names[0])}")
    print(
        f"       {counted(design.items, 'item')}, {counted(design.clusters, 'cluster')}, "
        f"{counted(seeds, 'seed')} a side"
    )
    print(
        f"It finds a true difference of {finds:.1f} points with probability {args.power:g} "
        f"({'one' if args.gate else 'two'}-sided test, level {args.level:g}).\n"
    )
    console = wide_terminal()
    print_table(_table(plan, design.items, aim), console)
    for line in _needed(plan, args.effect, design.items, seeds, aim):
        print(line)
    return 0


def _table(plan: Pilot, items: int, aim: Aim) -> Table:
    from reports.rendering.numerals import points
    from reports.rendering.tables import Entry, Table
    from reports.statistics.power import detectable

    seeds = (1,) if plan.seeds is None else (1, *SEEDS)
    columns = ("items", "these checkpoints", *(f"{k} seeds" for k in seeds if k > 1))
    rows = tuple(
        (
            Entry(f"{items * times:,}"),
            *(Entry(points(detectable(plan, items * times, k, aim))) for k in seeds),
        )
        for times in MULTIPLES
    )
    title = (
        f"Planned: smallest true difference found with probability {aim.power:g}, in points, where "
        "both sides vary alike over seeds"
    )
    return Table(title, columns, rows, 0)


def _needed(plan: Pilot, effect: float, items: int, seeds: int, aim: Aim) -> list[str]:
    from reports.statistics.power import items_needed, seeds_needed

    lines = [f"To find {100 * effect:.1f} points:"]
    for count in dict.fromkeys((seeds, 3, 5) if plan.seeds is not None else (1,)):
        found = items_needed(plan, effect, count, aim)
        with_seeds = f"{count} seeds a side" if plan.seeds is not None else "these checkpoints"
        said = f"{found:,} items" if found is not None else "no number of items is enough"
        lines.append(f"- with {with_seeds}: {said}")
    found = seeds_needed(plan, effect, items, aim)
    if plan.seeds is None:
        lines.append(
            "- with one seed a side nothing is known of other seeds: a claim about methods needs a "
            "pilot of two"
        )
    else:
        said = f"{found} seeds a side" if found is not None else "no number of seeds is enough"
        lines.append(f"- with these {items:,} items: {said}")
    lines.append("More items must be new ones of the same kind, more seeds new training runs.")
    return lines
