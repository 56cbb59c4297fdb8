"""`cascod score`: stored completions scored again, without any model."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from reports.rendering.numerals import percent
from tasks.scoring.score import RULES
from tasks.visible import visible

if TYPE_CHECKING:
    from tasks.records.rescore import Rescored, TaskScore

NAME = "score"
HELP = "score stored completions again, without any model"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "file",
        type=Path,
        help="JSONL with task, completion, target (optional: options, answer_type), or a directory",
    )
    parser.add_argument(
        "--rule",
        choices=RULES,
        default="strict",
        help="strict: the answer after the cue, by type (default); reference: the CasCoD paper's "
        "own rule; exact: the text after the first cue, to the letter",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int:
    """Print by task accuracy, that of a constant answer, and completions that hold no answer."""
    from tasks.records.rescore import rescore_file

    scored = rescore_file(args.file, args.rule)
    if args.json:
        print(json.dumps(scored.to_json(), indent=2))
    else:
        _print_table(scored)
    return 0


def _print_table(scored: Rescored) -> None:
    from reports.rendering.tables import Entry, Table
    from reports.rendering.terminal import Terminal, print_table

    overall = scored.overall
    lines = [(name, *_cells(row)) for name, row in (*scored.tasks.items(), ("all items", overall))]
    lines.append(("mean of tasks", percent(scored.macro_accuracy), "", "", ""))
    columns = ("task", "accuracy %", "a constant answer %", "items", "no single answer")
    rows = tuple(tuple(map(Entry, line)) for line in lines)
    print_table(Table(f"Accuracy under the {scored.rule} rule", columns, rows, 1), Terminal())
    if overall.unfinished_thoughts:
        print(
            f"{overall.unfinished_thoughts} of {overall.unparsed} without a single answer end "
            "inside a thinking block: cut off, counted as wrong"
        )
    weak = [visible(name) for name, task in scored.tasks.items() if not task.beats_constant]
    if weak:
        print(f"no better than one answer given to all of a task's items: {', '.join(weak)}")


def _cells(score: TaskScore) -> tuple[str, str, str, str]:
    return (
        percent(score.accuracy),
        percent(score.constant_accuracy),
        str(score.n),
        str(score.unparsed),
    )
