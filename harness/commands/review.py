"""`cascod review`: people judge rationales on a local page; what they found, how far they agree."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import count, positive, seed
from tasks.errors import UserError
from tasks.visible import visible

if TYPE_CHECKING:
    from harness.reviewing.findings import Findings
    from tasks.records.record import CoTRecord

NAME = "review"
HELP = "read rationales on a local page and judge them; agreement, export into records"
A_NAME = re.compile(r"\w[\w.-]{0,63}")
LISTED = 20
LARGEST_PORT = 65535


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
    page.add_argument("--port", type=_port, default=0, help="default: a free one")
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
    from harness.reviewing.told import print_agreement
    from reports.rendering.terminal import wide_terminal
    from tasks.records.record import read_records

    wanted = {
        name: getattr(args, name)
        for name in ("sample", "seed", "team", "overlap")
        if getattr(args, name) is not None
    }
    if not args.reviewer and (wanted or args.adjudicate or args.port):
        raise UserError("give --reviewer NAME with the options of a page")
    records = read_records(args.file)
    folder = review_folder(args.file)
    if args.reviewer:
        return _serve(args, folder, wanted, records)
    findings = read_findings(folder, records)
    if not findings.first:
        raise UserError(
            f"{args.file}: nobody has judged a chain of it; begin with "
            f"cascod review {args.file} --reviewer NAME"
        )
    if args.agreement:
        print_agreement(findings, wide_terminal())
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
) -> int:
    from harness.reviewing.open_sitting import open_sitting
    from harness.reviewing.server import ReviewServer

    if args.adjudicate and wanted:
        raise UserError(f"--{next(iter(wanted))} is not for --adjudicate, which reads what is open")
    if "overlap" in wanted and not args.team:
        raise UserError("--overlap needs --team NAME,NAME: who reads the same records")
    with (
        open_sitting(
            folder, records, args.reviewer, wanted=wanted, adjudicates=args.adjudicate
        ) as sitting,
        ReviewServer(sitting, args.port) as server,
    ):
        chains = len(sitting.progress()["judged"])
        print(f"{chains} chains for {args.reviewer}: open {server.url}", flush=True)
        print(f"every judgement goes into {visible(str(folder))}; Ctrl-C ends", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            done = sum(sitting.progress()["judged"])
            print(f"\n{done} of {chains} judged; the same command goes on from here")
    return 0


def _export(out: Path, findings: Findings, records: Sequence[CoTRecord]) -> None:
    from harness.reviewing.reviewed import reviewed
    from tasks.records.record import write_records
    from tasks.records.review import verdict_of

    written = reviewed(records, findings)
    write_records(out, written)
    found = Counter(verdict_of(record.meta) for record in written)
    print(
        f"{visible(str(out))}: {len(written)} records, {found['right']} found right, "
        f"{found['wrong']} found wrong"
    )


def _print_open(file: Path, findings: Findings) -> None:
    if not findings.open:
        return
    listed = ", ".join(map(visible, findings.open[:LISTED]))
    more = f" and {len(findings.open) - LISTED} more" if len(findings.open) > LISTED else ""
    print(f"judged differently, open: {len(findings.open)} ({listed}{more})")
    third = f"cascod review {visible(str(file))} --reviewer NAME --adjudicate"
    print(f"a third reviewer settles them: {third}")


def _name(text: str) -> str:
    if not A_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text[:80]!r}: a name is letters, digits, dots, dashes and underscores"
        )
    return text


def _port(text: str) -> int:
    if (value := count(text)) > LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"{text[:40]} is above {LARGEST_PORT}")
    return value


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
