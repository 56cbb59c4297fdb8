"""A gate that looks once."""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.gating.printed import (
    print_decisions,
    print_sides,
    print_too_small,
    saved,
    status_of,
)
from tasks.files import write_whole

if TYPE_CHECKING:
    from reports.comparing.gate import Decision
    from reports.logs.joined import Joined
    from reports.logs.samples import Side


def gate_once(sides: list[Side], joined: Joined, args: argparse.Namespace) -> int:
    """Decide, print why, and return the exit status."""
    from reports.comparing.gate import chosen_claim, decide, decide_tasks, overall, too_small
    from reports.comparing.gate_cautions import gate_cautions
    from reports.comparing.gate_summary import junit

    claim = chosen_claim(joined, args.claim)
    counted = joined.answered(args.answers)
    small = too_small(counted, args.per_task, claim) if args.per_task is not None else []

    def decided(joined: Joined) -> list[Decision]:
        whole = [decide(joined, args.margin, claim)] if args.margin is not None else []
        tasks = decide_tasks(joined, args.per_task, claim) if args.per_task is not None else []
        return whole + tasks

    decisions = decided(counted)
    named = replace(joined, names=("the baseline", "the candidate"))
    beside = gate_cautions(sides, named, decisions, decided, args.answers)
    if args.junit is not None:
        write_whole(args.junit, junit(decisions, beside, open_fails=args.inconclusive == "fail"))
    outcome = overall(decisions)
    # The decision stands, whether or not somebody reads on.
    with suppress(BrokenPipeError):
        print_sides(sides, joined, claim)
        print_too_small(small)
        print_decisions(decisions, beside, outcome)
        if args.save is not None:
            print(saved(sides[0], args.save))
    return status_of(outcome, args.inconclusive)
