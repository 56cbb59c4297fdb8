"""`cascod suite`: a suite of one's own made from any table, and looked at before it is asked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import share
from harness.commands.gate import LOG_WIDTH
from tasks.files import write_whole
from tasks.visible import visible

if TYPE_CHECKING:
    from harness.evaluation.evaluation_suites import EvaluationSuite
    from tasks.problem import Problem
    from tasks.records.record import CoTRecord
    from tasks.tables.columns import Columns

NAME = "suite"
HELP = "make a suite of your own from any table, and see whether it is a good one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's two subcommands."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    new = actions.add_parser("new", help="make a suite of a table of questions")
    new.add_argument(
        "file",
        metavar="FILE",
        help="CSV, TSV, XLSX, Parquet, JSON, JSONL, or a data set of the hub (owner/name)",
    )
    new.add_argument("--name", required=True, help="the suite's name")
    new.add_argument(
        "--role", choices=("ind", "ood"), default="ood", help="in-domain or out-of-domain"
    )
    new.add_argument(
        "--map",
        default="",
        metavar="PART=COLUMN,...",
        help="which column holds what, where its name does not tell: "
        "question=frage,answer=loesung,options=A..D,passage=text",
    )
    new.add_argument("--description", help="one line that tells the task")
    new.add_argument("--config", help="of a hub data set: its configuration")
    new.add_argument("--split", default="test", help="of a hub data set: its split")
    new.add_argument("--out", type=Path, default=Path(), help="folder (default: this one)")
    new.set_defaults(act=_new)

    check = actions.add_parser("check", help="see whether a suite is a good one")
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
    from tasks.errors import UserError
    from tasks.tables.columns import columns_of, said_columns
    from tasks.tables.own_suite import check_name, own_task, write_own_suite
    from tasks.tables.questions import DESCRIPTION, questions
    from tasks.tables.read_table import read_table

    check_name(args.name)
    out = args.out / f"{args.name}.jsonl"
    if out.exists() and Path(args.file).exists() and out.samefile(args.file):
        raise UserError(f"{args.file}: the suite would overwrite it; give another --name or --out")
    said = said_columns(args.map)
    table = read_table(args.file, config=args.config, split=args.split)
    columns = columns_of(table.columns, said, args.file)
    records = questions(table, columns, args.name, args.description or DESCRIPTION)
    suite = write_own_suite(args.out, args.name, args.role, records)
    _show(records, columns, ", ".join(n for n in table.columns if n not in _used(columns)))
    place = visible(str(suite.records))
    print(f"{place}: {len(records)} questions; {visible(str(suite.task_file))}: lm-eval's task")
    print(f"evaluate:   cascod evaluate CHECKPOINT [MORE ...] --suite {place}")
    print(f"experiment: suites: [{{name: {args.name}, role: {args.role}, file: {place}}}]")
    print(
        f"lm-eval:    lm_eval run --tasks {own_task(args.name)} "
        f"--include_path {visible(str(args.out))} ..."
    )


def _used(columns: Columns) -> set[str]:
    from dataclasses import astuple

    parts = astuple(columns)
    return {name for part in parts for name in (part if isinstance(part, tuple) else (part,))}


def _show(records: list[CoTRecord], columns: Columns, unused: str) -> None:
    """What was made of the columns, and the first question as it will be asked."""
    from collections import Counter

    from tasks.problem import question_prompt
    from tasks.records.record import record_problems
    from tasks.visible import visible_lines

    problems = record_problems(records)
    print(f"columns: {visible(str(columns))}" + (f" (unused: {visible(unused)})" if unused else ""))
    types = Counter(problem.answer_type for problem in problems)
    print(
        f"answers: {', '.join(f'{count} {name}' for name, count in types.most_common())}; "
        f"clusters: {len({problem.cluster for problem in problems})}"
    )
    first = problems[0]
    print("the first one, as it is asked:\n")
    print(visible_lines(question_prompt(first.description, first.question)) + "\n")
    print(f"gold: {visible(first.golds[0])}\n")


def _check(args: argparse.Namespace) -> None:
    import numpy as np
    from rich.console import Console

    from harness.evaluation.evaluation_suites import suite_from_argument
    from reports.rendering.as_json import to_json
    from reports.rendering.terminal import plain, print_table
    from reports.suite_check import check_tables
    from reports.suite_check.check import check_suite, in_words
    from reports.suite_check.render_check import check_html
    from reports.suite_check.resolution import Assumed

    suite = suite_from_argument(args.suite, None)
    found = check_suite(
        suite.name,
        suite.role,
        _problems(suite, args.data),
        _problems(suite_from_argument(args.against, None), args.data) if args.against else [],
        np.random.default_rng(0),
        Assumed(args.discordant, args.seed_sd),
    )
    if args.html:
        write_whole(args.html, check_html(found))
    if args.json:
        write_whole(args.json, to_json(found))
    console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    for sentence in in_words(found):
        console.print(f"- {plain(sentence)}", highlight=False)
    console.print()
    for tables in (
        check_tables.fault_table,
        check_tables.leak_table,
        check_tables.word_table,
        check_tables.answer_tables,
        check_tables.shown_table,
    ):
        for table in tables(found):
            print_table(table, console)
    console.print(plain(check_tables.assumptions(found)), style="dim", highlight=False)


def _problems(suite: EvaluationSuite, data: Path | None) -> list[Problem]:
    """The items of a suite, or the questions of a record file."""
    from harness.evaluation.evaluation_suites import load_suites
    from harness.quiet import quiet_libraries
    from tasks.problem import Problem
    from tasks.records.record import read_records, record_problems

    if suite.file:
        return record_problems(read_records(suite.file))
    with quiet_libraries():
        tasks = load_suites([suite], {"data": str(data)} if data else {}).tasks
    return [Problem.from_doc(doc) for task in tasks.values() for doc in task.eval_docs]
