"""A gate's sides and decisions as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import fill
from typing import TYPE_CHECKING

from tasks.visible import visible

if TYPE_CHECKING:
    from reports.comparing.gate import Decision, GateOutcome
    from reports.comparing.gated import Gated
    from reports.logs.joined import Joined
    from reports.logs.samples import Side
    from reports.statistics.contrast import Claim

NARROW = 80  # what a log is sure to show
PAD = " " * 11  # below the name of a side
EXPLAINED = 5
STATUS = {"PASS": 0, "FAIL": 1, "INCONCLUSIVE": 3}


def status_of(outcome: GateOutcome, open_counts: str | None) -> int:
    """The exit status; `open_counts` ("ok" or "fail") is what an inconclusive result counts as."""
    if outcome == "INCONCLUSIVE" and open_counts is not None:
        return 0 if open_counts == "ok" else 1
    return STATUS[outcome]


def save(baseline: Side, file: Path) -> str:
    """Keep the baseline in a file; a line that says so."""
    from reports.logs.baseline_file import save_baseline

    save_baseline(baseline, file)
    return f"baseline of {len(baseline.items):,} items written to {visible(str(file))}"


def print_too_small(tasks: Sequence[str]) -> None:
    """Tasks on which even an equal candidate would hardly pass."""
    if tasks:
        more = f" and {len(tasks) - EXPLAINED} more" if len(tasks) > EXPLAINED else ""
        said = (
            f"too small: {visible(', '.join(tasks[:EXPLAINED]))}{more}; there even an equal "
            "candidate would pass less than half of the time"
        )
        print(_filled(said, "", PAD), end="\n\n")


def print_sides(
    sides: Sequence[Side], joined: Joined, claim: Claim, more: Sequence[str] = ()
) -> None:
    """Who is held against whom, on what, what the claim means, and more lines."""
    from reports.comparing.gate_summary import CLAIMS
    from reports.rendering.numerals import counted

    for role, side, left_out in zip(("baseline", "candidate"), sides, joined.left_out, strict=True):
        without = f", {left_out:,} items left out" if left_out else ""
        print(f"{role:<10} {visible(side.name)}: {counted(len(side.seeds), 'seed')}{without}")
        for note in side.notes:
            print_note(note)
    tasks, clusters = (len(set(column)) for column in (joined.items.task, joined.items.cluster))
    asked = f"{len(joined.items):,} in {counted(tasks, 'task')}, {counted(clusters, 'cluster')}"
    print(f"{'items':<10} {asked}")
    print(_filled(f"{'claim':<10} {claim}: {CLAIMS[claim]}", "", PAD))
    for line in more:
        print(line)
    print()


def print_decisions(gated: Gated) -> None:
    """The table, then why: first what a difference may come from beside the systems."""
    from reports.comparing.gate_summary import explain, telling

    print_decision_table(gated.decisions)
    print(gated.outcome)
    explained = telling(gated.decisions)
    print_sentences([*gated.cautions, *map(explain, explained[:EXPLAINED])])
    if len(explained) > EXPLAINED:
        print_sentences([f"and {len(explained) - EXPLAINED} more; --junit FILE explains each"])


def print_sentences(sentences: Iterable[str]) -> None:
    """Each behind a dash, in lines of at most NARROW characters where words allow it."""
    for sentence in sentences:
        print(_filled(f"- {visible(sentence)}", "", "  "))


def print_note(note: str) -> None:
    """A note on a side, below its line."""
    print(_filled(f"note: {visible(note)}", PAD, PAD))


def _filled(text: str, first: str, later: str) -> str:
    """Options and paths are words that stay whole."""
    return fill(
        text,
        NARROW,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )


def print_decision_table(decisions: Sequence[Decision]) -> None:
    """The decisions' figures."""
    from reports.comparing.gate_summary import decision_table
    from reports.rendering.terminal import print_table, wide_terminal

    print_table(decision_table(decisions), wide_terminal())
