"""Actions of `cascod data` on where records come from, what they hold and whether they stay."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.arguments import add_action, add_terms_arguments, directory, terms_from
from harness.governing.masking import add_names_argument, finders_from
from tasks.errors import UserError
from tasks.visible import visible

if TYPE_CHECKING:
    from harness.governing.learners import Learned

NAMED = 5


def add_actions(actions: Any) -> None:
    """Declare them among the command's subcommands."""
    marking = add_action(actions, "mark", "say on which terms records may be used")
    marking.add_argument("file", type=Path, help="records, JSONL")
    marking.add_argument("--out", type=Path, required=True, help="file to write, JSONL")
    add_terms_arguments(marking, written=True)
    marking.set_defaults(act=_mark)

    card = add_action(actions, "card", "the records' data card, as the Hugging Face Hub has it")
    card.add_argument("file", type=Path, help="records, JSONL")
    card.add_argument("--out", type=Path, help="file to write, e.g. README.md (default: print it)")
    _add_runs(card)
    add_names_argument(card)
    card.set_defaults(act=_card)

    redacting = add_action(actions, "redact", "mask personal data in records")
    redacting.add_argument("file", type=Path, help="records, JSONL")
    redacting.add_argument("--out", type=Path, required=True, help="file to write, JSONL")
    add_names_argument(redacting)
    redacting.set_defaults(act=_redact)

    forgetting = add_action(
        actions,
        "forget",
        "remove records that meet every condition given, and name the students that learned them",
    )
    forgetting.add_argument("file", type=Path, help="records, JSONL; rewritten")
    forgetting.add_argument("--id", nargs="+", default=[], metavar="ID", help="these records")
    forgetting.add_argument("--teacher", help="chains of this teacher or model")
    forgetting.add_argument(
        "--expired", action="store_true", help="records that were to be kept until a day now past"
    )
    _add_runs(forgetting)
    forgetting.add_argument("--dry-run", action="store_true", help="say it, and remove nothing")
    forgetting.set_defaults(act=_forget)


def _add_runs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runs",
        type=directory,
        nargs="+",
        metavar="DIR",
        help="run directories, or folders of them, whose students are looked at",
    )


def _mark(args: argparse.Namespace) -> None:
    from tasks.records.provenance import Terms
    from tasks.records.record import read_records, write_records

    terms = terms_from(args)
    if terms == Terms():
        raise UserError("say something: --licence, --access, --keep-until or --written")
    records = [terms.of(record) for record in read_records(args.file)]
    write_records(args.out, records)
    print(f"{visible(str(args.out))}: {len(records)} records written")


def _card(args: argparse.Namespace) -> None:
    from harness.governing.card import data_card, describe
    from tasks.files import write_whole

    described = describe(args.file, finders_from(args), args.runs)
    card = data_card(described)
    if args.out is None:
        print(card, end="")
        return
    write_whole(args.out, card)
    print(f"{visible(str(args.out))}: card of {len(described.records)} records written")


def _redact(args: argparse.Namespace) -> None:
    from tasks.personal_data.finding import CALLED
    from tasks.personal_data.in_records import redacted
    from tasks.records.record import read_records, write_records

    result = redacted(read_records(args.file), finders_from(args))
    write_records(args.out, result.records)
    print(f"{visible(str(args.out))}: {len(result.records)} records written")
    for kind, count in result.masked.most_common():
        print(f"masked: {count} {CALLED[kind]}")
    if result.kept:
        print(
            f"kept, for an answer needs it to be read: {_few(result.kept)} "
            f"({len(result.kept)} records); leave them out if they must not be seen"
        )
    if result.named:
        print(
            f"not masked, in the id, task, cluster or teacher: {_few(result.named)} "
            f"({len(result.named)} records); rename these if they must not be seen"
        )


def _forget(args: argparse.Namespace) -> None:
    from harness.governing.forgetting import (
        Which,
        copies_beside,
        forget,
        plan_forgetting,
        reviews_beside,
    )
    from harness.governing.learners import learned

    which = Which(frozenset(args.id), args.teacher, args.expired)
    if which == Which():
        raise UserError("say which records: --id, --teacher or --expired")
    now = datetime.now(UTC)
    plan = plan_forgetting(args.file, which, now)
    # Read before anything is removed: a fault in a run must not leave this half told.
    learners = learned(args.runs, plan.removed) if args.runs else None
    if not args.dry_run:
        forget(plan, which, now)
    gone, left = len(plan.removed), len(plan.stays)
    print(
        f"{visible(str(args.file))}: {gone} records {'would go' if args.dry_run else 'removed'}, "
        f"{left} stay" + ("" if args.dry_run else f"; logged in {visible(str(plan.tombstones))}")
    )
    for path, count in copies_beside(plan).items():
        print(f"{visible(str(path))}: still holds the text of {count} of them")
    for path, count in reviews_beside(plan).items():
        print(f"{visible(str(path))}: still holds what a reviewer said of {count} of them")
    if learners is not None:
        _print_learners(learners, gone)


def _print_learners(found: Sequence[Learned], gone: int) -> None:
    if not found:
        print("learned by no student of these runs")
    for each in found:
        print(
            f"{visible(str(each.run))}: its data hold {each.by_chain} of the {gone} by their "
            f"chain, {each.by_id} by their id alone; {each.only_chosen_by} chose its checkpoints"
        )
        for student in each.students if each.by_chain or each.by_id else ():
            weights = "weights there" if student.has_weights else "weights deleted"
            print(f"  learned by {visible(str(student.folder))} ({weights})")


def _few(ids: Sequence[str]) -> str:
    first = ", ".join(map(visible, ids[:NAMED]))
    return first + (", ..." if len(ids) > NAMED else "")
