"""`cascod data`: check a record file, import teacher completions, pair right chains with wrong
ones, generate the embedded suite; and what `harness.governing.data_actions` adds.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import add_action, add_terms_arguments, positive, seed, terms_from
from harness.governing.data_actions import add_actions
from tasks.errors import UserError
from tasks.visible import visible

if TYPE_CHECKING:
    from tasks.records.importer import ImportReport, TaskCounts
    from tasks.records.record import CoTRecord

NAME = "data"
HELP = "check, import, pair or generate training records; their card, redaction and removal"

REPORT_FILE = "import_report.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's subcommands."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    check = add_action(actions, "check", "check a record file and say what it holds")
    check.add_argument("file", type=Path, help="records, JSONL")
    check.set_defaults(act=_check)

    importing = add_action(
        actions, "import", "make records with train, dev and test splits from teacher completions"
    )
    importing.add_argument(
        "source",
        type=Path,
        help="JSONL with task, question, target, completion, the files of Mentor-KD, CasCoD or "
        "EDIT as published, or a directory of such files",
    )
    importing.add_argument(
        "--files",
        metavar="PATTERN",
        action="append",
        help="of a directory, the files to read; may be given several times (default: *.jsonl)",
    )
    importing.add_argument("--out", type=Path, required=True, help="directory to write into")
    importing.add_argument(
        "--descriptions", type=Path, help="JSON object of task descriptions by task name"
    )
    importing.add_argument("--teacher", help="the teacher's name (default: the name of the source)")
    importing.add_argument(
        "--keep-clusters",
        action=argparse.BooleanOptionalAction,
        help="cut no cluster between splits: passages, and questions that are identical or nearly "
        "so (default, but for the whole of BIG-Bench Hard, which its papers split item by item)",
    )
    importing.add_argument(
        "--quality",
        action="store_true",
        help="score the rationales as `cascod quality` does, under meta.quality of the records",
    )
    add_terms_arguments(importing, written=True)
    importing.set_defaults(act=_import)

    pairing = add_action(
        actions, "pair", "put right and wrong chains of one question together, as dual chains"
    )
    pairing.add_argument("file", type=Path, help="records, right and wrong (train.jsonl of import)")
    pairing.add_argument(
        "--rectified",
        type=Path,
        help="completions, JSONL, by a teacher that was told the right answer after a wrong one",
    )
    pairing.add_argument(
        "--teacher", help="who wrote the rectified ones (default: the name of their file)"
    )
    pairing.add_argument("--out", type=Path, required=True, help="file to write, JSONL")
    pairing.set_defaults(act=_pair)

    generate = add_action(actions, "generate", "write training records of the embedded suite")
    generate.add_argument("--out", type=Path, required=True, help="file to write, JSONL")
    generate.add_argument("--seed", type=seed, default=0, help="of the questions drawn")
    generate.add_argument("--per-family", type=positive, default=200, help="questions a family")
    generate.add_argument(
        "--rho",
        type=float,
        default=0.0,
        help="how far a surface cue gives the answer away, 0 to 1",
    )
    generate.add_argument(
        "--noise", type=float, default=0.0, help="share of rationales made wrong on purpose"
    )
    generate.add_argument(
        "--dual", action="store_true", help="a wrong chain beside each right one, by a slip"
    )
    generate.set_defaults(act=_generate)

    add_actions(actions)


def run(args: argparse.Namespace) -> int:
    """Run the chosen subcommand."""
    args.act(args)
    return 0


def _check(args: argparse.Namespace) -> None:
    from tasks.records.record import read_records

    records = read_records(args.file)
    print(f"{visible(str(args.file))}: {len(records)} records, all valid")
    if bare := sum(not record.rationale.strip() for record in records):
        print(f"without a rationale, for testing only: {bare}")
    if dual := sum(record.dual is not None for record in records):
        rectified = sum(record.rectified for record in records)
        print(f"with a wrong chain beside the right one: {dual}; rectified: {rectified}")
    _print_contents(records)
    _print_duplicates(records)


def _import(args: argparse.Namespace) -> None:
    from tasks.files import write_whole
    from tasks.quality.marked import marked
    from tasks.records.importer import import_completions
    from tasks.records.record import write_records

    imported = import_completions(
        args.source,
        teacher=args.teacher or Path(os.path.abspath(args.source)).stem,
        descriptions=_read_descriptions(args.descriptions) if args.descriptions else None,
        keep_clusters=args.keep_clusters,
        patterns=args.files,
    )
    terms = terms_from(args)
    for split, records in imported.records.items():
        found = [terms.of(record) for record in records]
        write_records(args.out / f"{split}.jsonl", marked(found) if args.quality else found)
    report = json.dumps(imported.report.to_json(), indent=2, ensure_ascii=False)
    write_whole(args.out / REPORT_FILE, [report + "\n"])
    _print_import(imported.report, args.out)


def _pair(args: argparse.Namespace) -> None:
    from tasks.records.importer import read_chains
    from tasks.records.pairs import pair_chains
    from tasks.records.record import read_records, write_records

    records = read_records(args.file)
    chains: list[CoTRecord] = []
    unreadable = 0
    if args.rectified:
        chains, unreadable = read_chains(
            args.rectified, teacher=args.teacher or Path(os.path.abspath(args.rectified)).stem
        )
    paired = pair_chains(records, chains, unreadable=unreadable)
    write_records(args.out, paired.records)
    print(f"{visible(str(args.out))}: {len(paired.records)} records written")
    for line in paired.counts.told:
        print(line)


def _generate(args: argparse.Namespace) -> None:
    from tasks.procedural.suite import training_records
    from tasks.records.record import write_records

    records = training_records(
        seed=args.seed,
        per_family=args.per_family,
        rho=args.rho,
        noise=args.noise,
        dual="slips" if args.dual else None,
    )
    write_records(args.out, records)
    print(f"{visible(str(args.out))}: {len(records)} records written")
    _print_contents(records)


def _read_descriptions(path: Path) -> dict[str, str]:
    from tasks.files import read_json

    descriptions: dict[str, str] = read_json(path)
    if not all(isinstance(text, str) for text in descriptions.values()):
        raise UserError(f"{path}: expected a JSON object of texts, task name to description")
    return descriptions


def _print_contents(records: Sequence[CoTRecord]) -> None:
    from reports.rendering.terminal import print_totals

    by_task: dict[str, list[CoTRecord]] = {}
    for record in records:
        by_task.setdefault(record.task, []).append(record)
    print_totals(
        "Teacher right in %; longest question and rationale in characters",
        ("task", "records", "right %", "clusters", "question", "rationale"),
        [_contents_row(task, rows) for task, rows in by_task.items()],
        _contents_row("all", records),
    )


def _print_duplicates(records: Sequence[CoTRecord]) -> None:
    from tasks.records.duplicates import Asked, duplicates

    matches = duplicates([Asked(record.task, record.question) for record in records])
    for kind, what in (("identical", "identical to"), ("near", "nearly identical to")):
        again = {match.second: match.first for match in matches if match.kind == kind}
        first = ", ".join(
            visible(f"{records[place].id} is {records[earlier].id}")
            for place, earlier in list(again.items())[:3]
        )
        print(
            f"questions {what} an earlier one of their task: {len(again)}"
            + (f" (first: {first})" if first else "")
        )


def _contents_row(name: str, records: Sequence[CoTRecord]) -> tuple[str, ...]:
    return (
        name,
        str(len(records)),
        f"{100 * sum(record.teacher_correct for record in records) / len(records):.1f}",
        str(len({record.cluster or record.id for record in records})),
        str(max(len(record.question) for record in records)),
        str(max(len(record.rationale) for record in records)),
    )


def _print_import(report: ImportReport, out: Path) -> None:
    from reports.rendering.terminal import print_totals

    def row(name: str, counts: TaskCounts) -> tuple[str, ...]:
        numbers = (counts.rows, counts.records, counts.correct, counts.wrong)
        return (name, *map(str, numbers), str(counts.rows - counts.records))

    total = report.total
    print_totals(
        f"Imported into {out}",
        ("task", "rows", "records", "right", "wrong", "left out"),
        [row(task, counts) for task, counts in report.tasks.items()],
        row("all", total),
    )
    for split, items in report.items.items():
        print(f"{split}: {report.records[split]} records of {items} items")
    print(
        f"left out: {total.no_cue} without a cue, {total.no_answer} without an answer, "
        f"{total.empty_rationale} without a rationale, {total.unfinished_thought} cut off inside a "
        f"thinking block, {total.in_test_set} asked by the test set (each listed in {REPORT_FILE})"
    )
    print(
        f"kept: {total.repeated_cues} that announce an answer more than once, "
        f"{total.unreadable} without one single answer (wrong)"
    )
    print(f"clusters in more than one split: {len(report.cluster_overlap)}")
