"""`cascod review`: people judge rationales on a local page; what they found, how far they agree."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import count, positive, seed
from harness.commands.gate import LOG_WIDTH
from tasks.errors import UserError
from tasks.visible import visible

if TYPE_CHECKING:
    from harness.reviewing.findings import Findings
    from harness.reviewing.shown_chain import ShownChain
    from reports.rendering.tables import Table
    from tasks.records.record import CoTRecord

NAME = "review"
HELP = "read rationales on a local page and judge them; agreement, export into records"
LISTED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="RECORDS", type=Path, help="records, JSONL")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--reviewer", type=_name, metavar="NAME", help="serve the page to NAME")
    what.add_argument(
        "--agreement", action="store_true", help="who judged how much, and how far they agree"
    )
    what.add_argument(
        "--export", type=Path, metavar="OUT", help="write the records with `meta.review`"
    )
    page = parser.add_argument_group("with --reviewer")
    page.add_argument(
        "--adjudicate",
        action="store_true",
        help="only chains that others disagreed on; this judgement decides",
    )
    page.add_argument("--port", type=count, default=0, help="default: a free one")
    begin = parser.add_argument_group(
        "with --reviewer, where a review begins; the same for all who take part"
    )
    begin.add_argument("--sample", type=positive, metavar="N", help="draw N records (default: all)")
    begin.add_argument("--seed", type=seed, help="of the draw (default: 0)")
    begin.add_argument(
        "--team",
        type=_team,
        metavar="NAME,NAME",
        help="who shares the records (default: everybody reads all)",
    )
    begin.add_argument(
        "--overlap",
        type=_part,
        metavar="SHARE",
        help="of the records, read by two of the team (default: 0.2)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve the page, or say or write what was found."""
    from harness.reviewing.findings import read_findings
    from harness.reviewing.journal import review_folder
    from harness.reviewing.shown_chain import shown_chains
    from tasks.records.record import read_records

    wanted = {
        name: getattr(args, name)
        for name in ("sample", "seed", "team", "overlap")
        if getattr(args, name) is not None
    }
    if not args.reviewer and (wanted or args.adjudicate or args.port):
        raise UserError("give --reviewer NAME with the options of a page")
    records = read_records(args.file)
    chains = shown_chains(records)
    if not chains:
        raise UserError(f"{args.file}: no record has a rationale; there is nothing to review")
    folder = review_folder(args.file)
    if args.reviewer:
        return _serve(args, folder, wanted, records, chains)
    findings = read_findings(folder, chains)
    if not findings.first:
        raise UserError(
            f"{args.file}: nobody has judged a chain of it; begin with "
            f"cascod review {args.file} --reviewer NAME"
        )
    if args.agreement:
        _print_agreement(findings)
    else:
        _export(args.export, findings, records)
    if findings.outdated:
        print(f"passed over, of chains that have changed since: {findings.outdated} judgements")
    _print_open(args.file, findings)
    return 0


def _serve(
    args: argparse.Namespace,
    folder: Path,
    wanted: dict[str, object],
    records: Sequence[CoTRecord],
    chains: dict[str, ShownChain],
) -> int:
    from harness.reviewing.journal import Journal, journal_path
    from harness.reviewing.plan import settle, to_judge
    from harness.reviewing.server import ReviewServer
    from harness.reviewing.sitting import Sitting

    if args.adjudicate:
        if wanted:
            raise UserError(
                f"--{next(iter(wanted))} is not for --adjudicate, which reads what is open"
            )
        ids = _to_adjudicate(folder, chains, args.reviewer)
    else:
        if "overlap" in wanted and not args.team:
            raise UserError("--overlap needs --team NAME,NAME: who reads the same records")
        ids = to_judge(settle(folder, wanted), chains, args.reviewer)
    if not ids:
        raise UserError(f"{args.file}: nothing to judge for {args.reviewer}")
    path = journal_path(folder, args.reviewer)
    with Journal(path) as journal:
        sitting = Sitting(
            journal,
            ids,
            chains,
            {record.id: record.answer for record in records},
            reviewer=args.reviewer,
            adjudicates=args.adjudicate,
        )
        with ReviewServer(sitting, args.port) as server:
            print(f"{len(ids)} chains for {args.reviewer}: open {server.url}", flush=True)
            print(f"every judgement goes into {visible(str(path))}; Ctrl-C ends", flush=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                done = sum(sitting.progress()["judged"])
                print(f"\n{done} of {len(ids)} judged; the same command goes on from here")
    return 0


def _to_adjudicate(folder: Path, chains: dict[str, ShownChain], reviewer: str) -> list[str]:
    from harness.reviewing.findings import read_findings

    findings = read_findings(folder, chains)
    own = {item for item, third in findings.third.items() if third.reviewer == reviewer}
    return [
        item
        for item in findings.disagreed
        if (item not in findings.third or item in own)
        and reviewer not in {each.reviewer for each in findings.first[item]}
    ]


def _export(out: Path, findings: Findings, records: Sequence[CoTRecord]) -> None:
    from harness.reviewing.findings import review_row
    from tasks.records.record import write_records
    from tasks.records.review import REVIEW

    reviews = {record.id: review_row(findings, record.id) for record in records}
    write_records(
        out,
        (
            replace(record, meta=record.meta | {REVIEW: review})
            if (review := reviews[record.id])
            else record
            for record in records
        ),
    )
    verdicts = Counter(review["verdict"] for review in reviews.values() if review)
    print(
        f"{visible(str(out))}: {len(records)} records, {verdicts['right']} found right, "
        f"{verdicts['wrong']} found wrong"
    )


def _print_agreement(findings: Findings) -> None:
    from rich.console import Console

    from reports.rendering.terminal import print_table

    console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    print_table(_reviewers_table(findings), console)
    twice = sum(len(found) > 1 for found in findings.blind.values())
    if not twice:
        print("no chain was judged by two; --team NAME,NAME and --overlap SHARE see to that")
        return
    print_table(_agreement_table(findings), console)


def _reviewers_table(findings: Findings) -> Table:
    from reports.rendering.tables import Entry, Table

    everything = [each for found in findings.first.values() for each in found]
    rows = []
    for reviewer in sorted({each.reviewer for each in everything}):
        mine = [each.judged for each in everything if each.reviewer == reviewer]
        right = sum(each.verdict == "right" for each in mine)
        located = sum(each.first_wrong_step is not None for each in mine)
        changed = sum(each.gold_seen for each in mine)
        figures = (len(mine), right, len(mine) - right, located, changed)
        rows.append((Entry(reviewer), *(Entry(str(figure)) for figure in figures)))
    columns = ("reviewer", "judged", "right", "wrong", "step named", "after the gold was shown")
    return Table("Judgements", columns, tuple(rows), 1)


def _agreement_table(findings: Findings) -> Table:
    import numpy as np

    from harness.reviewing.findings import counted
    from reports.rendering.tables import NOT_ASKED, Entry, Table
    from reports.statistics.reader_agreement import agreement

    rows = []
    for name, steps in (("verdict", False), ("verdict and first wrong step", True)):
        found = agreement(counted(findings.blind, steps=steps), np.random.default_rng(0))
        alpha = NOT_ASKED if found.alpha is None else f"{found.alpha:.2f}"
        interval = "{:.2f} to {:.2f}".format(*found.interval) if found.interval else NOT_ASKED
        figures = (str(found.items), f"{100 * found.unanimous:.0f}", alpha, interval)
        rows.append((Entry(name), *map(Entry, figures)))
    columns = ("of", "judged twice", "the same %", "Krippendorff's alpha", "95% interval")
    return Table("Agreement before a gold answer was shown", columns, tuple(rows), 1)


def _print_open(file: Path, findings: Findings) -> None:
    if not findings.open:
        return
    listed = ", ".join(map(visible, findings.open[:LISTED]))
    more = f" and {len(findings.open) - LISTED} more" if len(findings.open) > LISTED else ""
    print(f"judged differently, open: {len(findings.open)} ({listed}{more})")
    third = f"cascod review {visible(str(file))} --reviewer NAME --adjudicate"
    print(f"a third reviewer settles them: {third}")


def _name(text: str) -> str:
    from harness.reviewing.plan import A_NAME

    if not A_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text[:80]!r}: a name is letters, digits, dots, dashes and underscores"
        )
    return text


def _team(text: str) -> tuple[str, ...]:
    names = tuple(_name(name.strip()) for name in text.split(","))
    if len(names) < 2 or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError(f"{text[:80]!r}: expected two or more different names")
    return names


def _part(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a share from 0 to 1")
    return value
