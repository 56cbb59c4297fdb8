"""`cascod quality`: how sound the rationales of a record file are, and where they go wrong."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import score
from tasks.errors import UserError
from tasks.files import write_whole

if TYPE_CHECKING:
    from reports.rendering.tables import Table
    from tasks.quality.assess import Quality
    from tasks.quality.chain import Opinion
    from tasks.records.record import CoTRecord

NAME = "quality"
HELP = "score rationales without a model: wrong steps, equations, conclusions, agreement"
WORST = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="RECORDS", type=Path, help="training records (JSON lines)")
    parser.add_argument(
        "--at-least",
        type=score,
        default=0.8,
        metavar="SCORE",
        help="the score that `train_on: {quality: SCORE}` would ask for (default: 0.8)",
    )
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help="write a row a record (JSON lines)"
    )
    parser.add_argument(
        "--likelihood",
        metavar="STUDENT",
        help="a source (tiny, ...) or checkpoint: is the stated answer likelier behind the chain?",
    )


def run(args: argparse.Namespace) -> int:
    """Print what was found and write the file that was asked for."""
    from reports.rendering.terminal import plain, print_table, wide_terminal
    from tasks.quality.assess import assess_records
    from tasks.records.record import read_records

    records = [record for record in read_records(args.file) if record.rationale.strip()]
    if not records:
        raise UserError(f"{args.file}: no record has a rationale; there is nothing to assess")
    found = assess_records(records, _opinions(records, args))
    if args.json:
        rows = (quality.row(record.id) for record, quality in zip(records, found, strict=True))
        write_whole(args.json, (json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    console = wide_terminal()
    print_table(_tasks_table(records, found, args.at_least), console)
    if any(quality.factors for quality in found):
        print_table(_findings_table(found), console)
    worst = sorted(zip(found, records, strict=True), key=lambda pair: pair[0].score)[:WORST]
    for quality, record in worst:
        if quality.reasons:
            line = f"{quality.score:.2f} {record.id}: {'; '.join(quality.reasons)}"
            console.print(plain(line), highlight=False)
    return 0


def _opinions(records: Sequence[CoTRecord], args: argparse.Namespace) -> list[list[Opinion]]:
    """What the models that were asked say of each record."""
    said = [_likelihood(records, args.likelihood)] if args.likelihood else []
    return [[opinion for opinion in each if opinion] for each in zip(*said, strict=True)]


def _likelihood(records: Sequence[CoTRecord], source: str) -> list[Opinion | None]:
    from harness.probing.likelihood import gains, open_scorer, opinion

    with closing(open_scorer(source)) as student:
        found = gains(student, records, _show if sys.stderr.isatty() else None)
    if unread := found.count(None):
        print(
            f"likelihood: {unread:,} chains are longer than the student's context", file=sys.stderr
        )
    return [opinion(gain) for gain in found]


def _show(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{done} of {total} chains scored", end=end, file=sys.stderr, flush=True)


def _tasks_table(records: Sequence[CoTRecord], found: Sequence[Quality], at_least: float) -> Table:
    from reports.rendering.tables import Entry, Table

    by_task: dict[str, list[Quality]] = {}
    for record, quality in zip(records, found, strict=True):
        by_task.setdefault(record.task, []).append(quality)

    def row(name: str, qualities: Sequence[Quality]) -> tuple[Entry, ...]:
        kept = sum(quality.score >= at_least for quality in qualities)
        executed = sum(bool(quality.verifier) for quality in qualities)
        wrong = sum(quality.wrong is not None for quality in qualities)
        counts = (len(qualities), kept, len(qualities) - kept, executed, wrong)
        return (Entry(name), *(Entry(str(count)) for count in counts))

    return Table(
        f"Rationales of a score of {at_least:g} and more",
        ("task", "records", "kept", "left out", "steps executed", "with a wrong step"),
        (*(row(task, group) for task, group in by_task.items()), row("all", found)),
        1,
    )


def _findings_table(found: Sequence[Quality]) -> Table:
    from reports.rendering.tables import Entry, Table

    checks = Counter(name for quality in found for name in quality.factors)
    kinds = Counter(quality.wrong.kind for quality in found if quality.wrong)
    rows = [("check", name, count) for name, count in checks.most_common()]
    rows += [("first wrong step", kind, count) for kind, count in kinds.most_common()]
    return Table(
        "What was found",
        ("", "what", "records"),
        tuple((Entry(of), Entry(what), Entry(str(count))) for of, what, count in rows),
        2,
    )
