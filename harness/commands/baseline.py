"""`cascod baseline`: what baseline files hold, and whether they are whole."""

from __future__ import annotations

import argparse
from pathlib import Path

from tasks.visible import visible

NAME = "baseline"
HELP = "say what files of `cascod gate --save` hold; a broken one is refused"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="a baseline file")


def run(args: argparse.Namespace) -> int:
    """A line a file."""
    from reports.logs.baseline_file import read_baseline
    from reports.rendering.numerals import counted
    from reports.rendering.units import unit_of
    from reports.statistics.scale import scale_of
    from reports.statistics.weights import EVERYTHING, design_of

    for path in args.files:
        side = read_baseline(path)
        chosen, design = design_of(side.items, EVERYTHING)
        unit = unit_of(scale_of([side.correct]))
        mean = float(side.correct[:, chosen].mean(axis=0) @ design.weight)
        tasks, seeds = len(side.items.tasks), len(side.seeds)
        print(
            f"{visible(str(path))}: {counted(len(side.items), 'item')} of "
            f"{counted(tasks, 'task')}, {counted(seeds, 'seed')}, "
            f"{unit.level_name} {unit.level(mean)}"
        )
    return 0
