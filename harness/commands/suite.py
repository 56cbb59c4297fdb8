"""`cascod suite`: a suite of one's own made from any table, and looked at before it is asked."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.arguments import add_action, add_column_arguments, share
from tasks.files import write_whole

NAME = "suite"
HELP = "make a suite of your own from any table, and see whether it is a good one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's two subcommands."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    new = add_action(actions, "new", "make a suite of a table of questions")
    new.add_argument(
        "file",
        metavar="FILE",
        help="CSV, TSV, XLSX, Parquet, JSON, JSONL, or a data set of the hub (owner/name)",
    )
    new.add_argument("--name", required=True, help="the suite's name")
    new.add_argument(
        "--role", choices=("ind", "ood"), default="ood", help="in-domain or out-of-domain"
    )
    add_column_arguments(new, split="test")
    new.add_argument("--out", type=Path, default=Path(), help="folder (default: this one)")
    new.set_defaults(act=_new)

    check = add_action(actions, "check", "see whether a suite is a good one")
    check.add_argument("suite", metavar="NAME|FILE.jsonl", help="a suite, or a file of records")
    check.add_argument(
        "--against",
        metavar="TRAIN",
        help="the training questions: a file of records, or the name of a suite",
    )
    check.add_argument("--data", type=Path, help="directory of the benchmark data")
    check.add_argument(
        "--discordant",
        type=share,
        default=0.2,
        help="share of items that two systems disagree on, for what the suite can show "
        "(default: 0.2)",
    )
    check.add_argument(
        "--seed-sd",
        type=share,
        default=0.02,
        help="standard deviation of accuracies over training seeds (default: 0.02)",
    )
    check.add_argument("--html", metavar="FILE", type=Path, help="write a page")
    check.add_argument("--json", metavar="FILE", type=Path, help="write everything as JSON")
    check.set_defaults(act=_check)


def run(args: argparse.Namespace) -> int:
    """Run the chosen subcommand."""
    args.act(args)
    return 0


def _new(args: argparse.Namespace) -> None:
    from tasks.tables.columns import said_columns
    from tasks.tables.make_suite import in_lines, make_suite

    made = make_suite(
        args.file,
        args.out,
        args.name,
        args.role,
        said_columns(args.map),
        description=args.description,
        config=args.config,
        split=args.split,
    )
    for line in in_lines(made):
        print(line)


def _check(args: argparse.Namespace) -> None:
    import numpy as np

    from harness.evaluation.evaluation_suites import suite_from_argument
    from harness.evaluation.suite_problems import suite_problems
    from reports.rendering.as_json import to_json
    from reports.rendering.terminal import wide_terminal
    from reports.suite_check.check import check_suite
    from reports.suite_check.render_check import check_html
    from reports.suite_check.render_terminal import print_check
    from reports.suite_check.resolution import Assumed

    suite = suite_from_argument(args.suite, None)
    trained = suite_from_argument(args.against, None) if args.against else None
    found = check_suite(
        suite.name,
        suite.role,
        suite_problems(suite, args.data),
        suite_problems(trained, args.data) if trained else [],
        np.random.default_rng(0),
        Assumed(args.discordant, args.seed_sd),
    )
    if args.html:
        write_whole(args.html, check_html(found))
    if args.json:
        write_whole(args.json, to_json(found))
    print_check(found, wide_terminal())
