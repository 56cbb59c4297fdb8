"""A gate's sides and decisions as they are printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.visible import visible

if TYPE_CHECKING:
    from reports.comparing.gate import Decision, GateOutcome
    from reports.logs.joined import Joined
    from reports.logs.samples import Side

LOG_WIDTH = 160
NARROW = 80  # what a log is sure to show
EXPLAINED = 5
STATUS = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}


def status_of(outcome: GateOutcome, open_counts: str | None) -> int:
    """The exit status; `open_counts` ("ok" or "fail") is what an inconclusive result counts as."""
    if outcome == "INCONCLUSIVE" and open_counts is not None:
        return 0 if open_counts == "ok" else 1
    return STATUS[outcome]


def saved(baseline: Side, path: Path) -> str:
    """That a baseline was written."""
    return f"baseline of {len(baseline.items):,} items written to {visible(str(path))}"


def print_too_small(tasks: list[str]) -> None:
    """Tasks on which even an equal candidate would hardly pass."""
    if tasks:
        more = f" and {len(tasks) - EXPLAINED} more" if len(tasks) > EXPLAINED else ""
        print(
            f"too small: {visible(', '.join(tasks[:EXPLAINED]))}{more}; there even an equal "
            "candidate would pass less than half of the time\n"
        )


def print_sides(
    sides: Sequence[Side], joined: Joined, claim: str, more: Sequence[str] = ()
) -> None:
    """Who is held against whom, on what, what the claim means, and more lines."""
    for role, side, left_out in zip(("baseline", "candidate"), sides, joined.left_out, strict=True):
        seeds = f"{len(side.seeds)} seed{'s' if len(side.seeds) > 1 else ''}"
        without = f", {left_out:,} items left out" if left_out else ""
        print(f"{role:<10} {visible(side.name)}: {seeds}{without}")
        for note in side.notes:
            print(f"           note: {visible(note)}")
    tasks, clusters = (len(set(column)) for column in (joined.items.task, joined.items.cluster))
    plural = "s" if tasks > 1 else ""
    print(f"{'items':<10} {len(joined.items):,} in {tasks} task{plural}, {clusters:,} clusters")
    meaning = {
        "checkpoint": "these very weights; nothing is said about other training seeds",
        "method": "training seeds are random, too",
    }[claim]
    print(f"{'claim':<10} {claim}: {meaning}")
    for line in more:
        print(line)
    print()


def print_decisions(decisions: list[Decision], beside: list[str], outcome: GateOutcome) -> None:
    """The table, then why: first what a difference may come from beside the systems."""
    from reports.comparing.gate_summary import explain

    print_decision_table(decisions)
    print(outcome)
    for caution in beside:
        print(f"- {visible(caution)}")
    telling = [d for d in decisions if len(decisions) == 1 or d.outcome != "PASS"]
    telling.sort(key=lambda decision: decision.outcome != "FAIL")
    for decision in telling[:EXPLAINED]:
        print(f"- {explain(decision)}")
    if len(telling) > EXPLAINED:
        print(f"- and {len(telling) - EXPLAINED} more; --junit FILE explains each")


def print_decision_table(decisions: Sequence[Decision]) -> None:
    """The decisions' figures."""
    from rich.console import Console

    from reports.comparing.gate_summary import decision_table
    from reports.rendering.terminal import print_table

    # A CI log is no terminal and has no edge to wrap at.
    console = Console(width=None if sys.stdout.isatty() else LOG_WIDTH)
    print_table(decision_table(decisions), console)
