"""A gate's decisions as Markdown that a pull request's reader takes in at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.comparing.gate import Decision, GateOutcome
from reports.comparing.gate_summary import CLAIMS, decision_table, explain, telling
from reports.comparing.gated import Gated
from reports.logs.joined import Joined
from reports.logs.samples import Side
from reports.rendering.markdown import escape, markdown_table
from reports.rendering.numerals import counted
from reports.rendering.units import unit_of
from reports.statistics.contrast import Claim

MARKS: dict[GateOutcome, str] = {"PASS": "✅", "FAIL": "❌", "INCONCLUSIVE": "❔"}
NAMED = 5


def gate_markdown(gated: Gated) -> str:
    """The outcome, the figures and one reason; what one need not read every time is folded."""
    return "\n".join((*_at_a_glance(gated), *_folded(gated))) + "\n"


def _at_a_glance(gated: Gated) -> Iterator[str]:
    baseline, candidate = (escape(side.name) for side in gated.sides)
    yield f"### {MARKS[gated.outcome]} {gated.outcome}: {candidate} against {baseline}\n"
    explained = telling(gated.decisions)
    first = explained[0] if explained else gated.decisions[0]
    yield f"{figures(first)}\n"
    yield f"- {escape(explain(first, bounds_beside=True))}"
    tasks = [each for each in explained if each is not first]
    for outcome in ("FAIL", "INCONCLUSIVE"):
        names = [escape(each.name) for each in tasks if each.outcome == outcome]
        if names:
            more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
            yield f"- {MARKS[outcome]} {outcome} too: {', '.join(names[:NAMED])}{more}"
    yield from (f"- ⚠ {escape(caution)}" for caution in gated.cautions)


def figures(decision: Decision, confidence: str = "95% each way") -> str:
    """Both levels, the difference with its bounds, and the margin."""
    unit = unit_of(decision.scale)
    levels = (decision.baseline_accuracy, decision.candidate_accuracy)
    return (
        f"**{' → '.join(map(unit.level, levels))} on {escape(decision.name)}: "
        f"{unit.signed(decision.contrast.value)}{unit.word}**, between "
        f"{unit.signed(decision.lower)} and {unit.signed(decision.upper)} ({confidence}), where a "
        f"loss of {unit.bare(decision.margin)} is accepted; {decision.contrast.items:,} items"
    )


def _folded(gated: Gated) -> Iterator[str]:
    yield "\n<details><summary>All decisions, and how it was tested</summary>"
    # The last column says it: no further signs of tone.
    table = decision_table(gated.decisions)
    rows = tuple(tuple(replace(entry, tone="plain") for entry in row) for row in table.rows)
    yield from markdown_table(replace(table, rows=rows))
    yield from how_tested(gated.claim, gated.joined, gated.sides)
    if gated.too_small:
        names = ", ".join(map(escape, gated.too_small))
        yield f"- too small for an equal candidate to pass half of the time: {names}"
    yield "\n</details>"


def how_tested(claim: Claim, joined: Joined, sides: Sequence[Side]) -> Iterator[str]:
    """What the claim is about, on which items and seeds, and what to note of either side."""
    yield f"- the claim is about a {claim}: {CLAIMS[claim]}"
    clusters = len(set(joined.items.cluster))
    yield f"- {counted(len(joined.items), 'item')} in {counted(clusters, 'cluster')}"
    for role, side in zip(("baseline", "candidate"), sides, strict=True):
        yield f"- {role}: {counted(len(side.seeds), 'seed')}"
        yield from (f"- {role}: {escape(note)}" for note in side.notes)
