"""`cascod costs`: what teacher and students took in money, and when a student pays."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import directory, non_negative
from tasks.errors import UserError
from tasks.files import write_whole
from tasks.visible import visible

if TYPE_CHECKING:
    from reports.break_even.money import Prices

NAME = "costs"
HELP = "what collecting, training and answering cost, and from how many answers on a student pays"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run_dir", metavar="RUN", type=directory, help="a run directory")
    parser.add_argument(
        "--collected",
        metavar="DIR",
        type=directory,
        required=True,
        help="the directory of `cascod collect` whose chains the run's students learned",
    )
    for name, what in (
        ("in", "a million tokens that the teacher reads"),
        ("out", "a million tokens that it writes"),
    ):
        parser.add_argument(
            f"--price-{name}",
            metavar="MONEY",
            type=non_negative,
            help=f"of {what} (default: as given to `cascod collect`)",
        )
    parser.add_argument(
        "--machine-hour",
        metavar="MONEY",
        type=non_negative,
        required=True,
        help="of an hour of the machine that trains and asks the student",
    )
    parser.add_argument(
        "--people-hours",
        metavar="HOURS",
        type=non_negative,
        default=0.0,
        help="worked on questions and chains (default: 0)",
    )
    parser.add_argument(
        "--people-hour", metavar="MONEY", type=non_negative, default=0.0, help="of one of these"
    )
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a page")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write everything as JSON")


def run(args: argparse.Namespace) -> int:
    """Print when a student pays, and why."""
    from reports.break_even.cost_page import Costs, cost_html, sentences, tables
    from reports.break_even.money import break_even
    from reports.break_even.used import student_uses, teacher_use
    from reports.logs.run_data import load_run
    from reports.rendering.as_json import to_json
    from reports.rendering.terminal import plain, print_table, wide_terminal

    teacher, known = teacher_use(args.collected)
    prices = _prices(args, known)
    students = student_uses(load_run(args.run_dir))
    if not students:
        raise UserError(f"{args.run_dir}: no trained student whose times were recorded")
    paying = tuple(break_even(teacher, each, prices, args.people_hours) for each in students)
    costs = Costs(teacher, paying, prices, args.people_hours)
    for path, render in ((args.html, cost_html), (args.json, to_json)):
        if path is not None:
            write_whole(path, render(costs))
    console = wide_terminal()
    for sentence in sentences(costs):
        console.print(f"- {plain(sentence)}", highlight=False)
    console.print()
    for table in tables(costs):
        print_table(table, console)
    return 0


def _prices(args: argparse.Namespace, known: dict[str, float] | None) -> Prices:
    """Those of the command line, and for tokens else those of the collection."""
    from reports.break_even.money import Prices

    read, written = (known or {}).get("prompt"), (known or {}).get("completion")
    read = read if args.price_in is None else args.price_in
    written = written if args.price_out is None else args.price_out
    if read is None or written is None:
        raise UserError(
            f"{visible(str(args.collected))}: was collected without prices; give --price-in and "
            "--price-out, money for a million tokens"
        )
    return Prices(read, written, args.machine_hour, args.people_hour)
