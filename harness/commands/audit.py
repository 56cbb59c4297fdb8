"""`cascod audit`: what the questions of a training set give away about their answers."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.arguments import count
from tasks.files import write_whole

NAME = "audit"
HELP = "see which words of a training set's questions give its answers away"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", type=Path, help="training records (JSON lines)")
    parser.add_argument(
        "--top", type=count, default=15, metavar="N", help="phrases to show (default: 15)"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="write everything as JSON")
    parser.add_argument("--md", metavar="FILE", type=Path, help="write the tables as Markdown")


def run(args: argparse.Namespace) -> int:
    """Print what was found and write the files that were asked for."""
    import numpy as np

    from reports.hint_audit.audit import audit, in_words
    from reports.hint_audit.audit_tables import association_table, task_table
    from reports.rendering.as_json import to_json
    from reports.rendering.markdown import escape, markdown_table
    from reports.rendering.terminal import plain, print_table, wide_terminal
    from tasks.records.record import read_records

    found = audit(read_records(args.file), np.random.default_rng(0))
    tables = [
        table for table in (task_table(found), association_table(found, args.top)) if table.rows
    ]
    if args.json:
        write_whole(args.json, to_json(found))
    if args.md:
        lines = [f"- {escape(sentence)}" for sentence in in_words(found)]
        for table in tables:
            lines += markdown_table(table)
        write_whole(args.md, "\n".join(lines) + "\n")
    console = wide_terminal()
    for sentence in in_words(found):
        console.print(f"- {plain(sentence)}", highlight=False)
    console.print()
    for table in tables:
        print_table(table, console)
    console.print(
        "words: logistic regression on words and word pairs, cross-validated; z: competency "
        "statistic of a phrase; p values adjusted by Holm's method.",
        style="dim",
        highlight=False,
    )
    return 0
