"""A gate that looks once."""

from __future__ import annotations

import argparse
from contextlib import suppress
from typing import TYPE_CHECKING

from harness.gating.printed import (
    print_decisions,
    print_sides,
    print_too_small,
    save,
    status_of,
)
from tasks.files import write_whole

if TYPE_CHECKING:
    from reports.comparing.gated import Gated
    from reports.logs.joined import Joined
    from reports.logs.samples import Side


def gate_once(baseline: Side, candidate: Side, joined: Joined, args: argparse.Namespace) -> int:
    """Decide, write the files, print why, and return the exit status."""
    from reports.comparing.gated import Margins, gate_sides

    gated = gate_sides(
        (baseline, candidate),
        joined,
        Margins(args.margin, args.per_task),
        claim=args.claim,
        answers=args.answers,
    )
    saved = [save(baseline, args.save)] if args.save is not None else []
    _write(gated, args)
    # The decision stands, whether or not somebody reads on.
    with suppress(BrokenPipeError):
        print_sides(gated.sides, gated.joined, gated.claim)
        print_too_small(gated.too_small)
        print_decisions(gated)
        for line in saved:
            print(line)
    return status_of(gated.outcome, args.inconclusive)


def _write(gated: Gated, args: argparse.Namespace) -> None:
    from reports.comparing.gate_markdown import gate_markdown
    from reports.comparing.gate_summary import junit

    if args.junit is not None:
        fails = args.inconclusive == "fail"
        write_whole(args.junit, junit(gated.decisions, gated.cautions, open_fails=fails))
    if args.md is not None:
        write_whole(args.md, gate_markdown(gated))
