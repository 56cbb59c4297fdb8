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

from harness.arguments import (
    add_sampling_arguments,
    add_server_arguments,
    add_spending_arguments,
    score,
)
from tasks.errors import UserError
from tasks.files import write_whole

if TYPE_CHECKING:
    from harness.judging.judge import Judged
    from reports.rendering.tables import Table
    from tasks.quality.assess import Quality
    from tasks.quality.chain import Opinion
    from tasks.records.record import CoTRecord

NAME = "quality"
HELP = "score rationales: wrong steps, equations, conclusions, agreement; a model's word if asked"
NOT_FINISHED = 3
WORST = 5
# What has a meaning for a judge alone, where it was given.
OF_A_JUDGE = (
    *("base_url", "api_key_env", "judge_prompt", "journal", "temperature", "top_p", "extra"),
    *("budget_tokens", "budget", "price_in", "price_out"),
)


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
        "--kept",
        metavar="FILE",
        type=Path,
        help="write the records with that score or a higher one",
    )
    parser.add_argument(
        "--likelihood",
        metavar="STUDENT",
        help="ask a student (tiny, a checkpoint, ...) whether a chain makes its answer likelier",
    )
    judge = parser.add_argument_group("a judge, asked for the first wrong step of every chain")
    judge.add_argument("--judge", metavar="MODEL", help="the model, as its server names it")
    add_server_arguments(judge)
    judge.add_argument(
        "--judge-prompt",
        type=Path,
        metavar="FILE",
        help="what it is asked, with {question}, {rationale} (the numbered steps) and {answer} "
        "(the one that they state); default: a prompt of ours",
    )
    judge.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="where requests and replies are kept, so that the same command goes on "
        "(default: beside RECORDS, train.judge.jsonl for train.jsonl)",
    )
    add_sampling_arguments(judge)
    add_spending_arguments(judge)


def run(args: argparse.Namespace) -> int:
    """Print what was found and write the files that were asked for; 3 where the judge's budget or
    server left something out.
    """
    from reports.rendering.terminal import plain, print_table, wide_terminal
    from tasks.quality.assess import assess_records
    from tasks.records.record import read_records, write_records

    _refuse_to_overwrite(args)
    _refuse_without_a_judge(args)
    records = [record for record in read_records(args.file) if record.rationale.strip()]
    if not records:
        raise UserError(f"{args.file}: no record has a rationale; there is nothing to assess")
    # The model that costs nothing first: where it cannot be had, nothing was spent.
    likely = _likelihood(records, args.likelihood) if args.likelihood else None
    judged = _judged(records, args) if args.judge else None
    found = assess_records(records, _opinions(likely, judged, args.judge))
    if args.json:
        rows = (quality.row(record.id) for record, quality in zip(records, found, strict=True))
        write_whole(args.json, (json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    if args.kept:
        pairs = zip(records, found, strict=True)
        write_records(args.kept, (r for r, quality in pairs if quality.score >= args.at_least))
    console = wide_terminal()
    print_table(_tasks_table(records, found, args.at_least), console)
    if any(quality.factors for quality in found):
        print_table(_findings_table(found), console)
    worst = sorted(zip(found, records, strict=True), key=lambda pair: pair[0].score)[:WORST]
    for quality, record in worst:
        if quality.reasons:
            line = f"{quality.score:.2f} {record.id}: {'; '.join(quality.reasons)}"
            console.print(plain(line), highlight=False)
    if judged is None:
        return 0
    from harness.judging.from_arguments import journal_of
    from harness.judging.told import lines

    for line in lines(judged, journal_of(args)):
        console.print(plain(line), highlight=False, soft_wrap=True)
    return NOT_FINISHED if judged.asked.over_budget or judged.asked.unanswered else 0


def _refuse_to_overwrite(args: argparse.Namespace) -> None:
    """UserError where a file to write is the one that is read: what is not kept would be lost."""
    for option, path in (("--json", args.json), ("--kept", args.kept)):
        if path and path.exists() and args.file.exists() and path.samefile(args.file):
            raise UserError(f"{option}: {path} is the file that is read; name another one")


def _refuse_without_a_judge(args: argparse.Namespace) -> None:
    for name in OF_A_JUDGE:
        if args.judge is None and getattr(args, name) is not None:
            option = f"--{name.replace('_', '-')}"
            raise UserError(f"{option} has a meaning for a judge: name its model (--judge)")


def _judged(records: Sequence[CoTRecord], args: argparse.Namespace) -> Judged:
    """What the judge says; UserError where its server went down."""
    try:
        from harness.judging.from_arguments import ask_judge
    except ModuleNotFoundError as error:
        raise UserError(
            f"--judge needs {error.name}: `pip install '.[collect]'` in the checkout"
        ) from None
    judged = ask_judge(args, records)
    if judged.asked.ended:
        raise judged.asked.ended
    return judged


def _opinions(
    likely: list[Opinion | None] | None, judged: Judged | None, judge: str
) -> list[list[Opinion]]:
    """What the models that were asked have to say against each record; [] where none was."""
    said = [] if likely is None else [likely]
    if judged:
        said.append([each.opinion(judge) if each else None for each in judged.verdicts])
    return [[opinion for opinion in each if opinion] for each in zip(*said, strict=True)]


def _likelihood(records: Sequence[CoTRecord], source: str) -> list[Opinion | None]:
    from harness.probing.likelihood import gains, open_scorer, opinion
    from reports.rendering.terminal import plain, wide_terminal

    with closing(open_scorer(source)) as student:
        if student.facts.notice:
            wide_terminal().print(plain(student.facts.notice), highlight=False, soft_wrap=True)
        found = gains(student, records, _show if sys.stderr.isatty() else None)
    if unread := found.count(None):
        print(
            f"likelihood: nothing of chains longer than the student's context ({unread:,})",
            file=sys.stderr,
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
