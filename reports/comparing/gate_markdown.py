"""A gate's decisions as Markdown that a pull request's reader takes in at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports.comparing.gate import Decision, GateOutcome
from reports.comparing.gate_summary import CLAIMS, decision_table, explain, telling
from reports.comparing.gated import Gated
from reports.rendering.markdown import escape, markdown_table

MARKS: dict[GateOutcome, str] = {"PASS": "✅", "FAIL": "❌", "INCONCLUSIVE": "❔"}
SHOWN = 10


def gate_markdown(gated: Gated) -> str:
    """Outcome and reasons first, then the table; what one need not read every time is folded."""
    return "\n".join(_lines(gated)) + "\n"


def _lines(gated: Gated) -> Iterator[str]:
    baseline, candidate = (escape(side.name) for side in gated.sides)
    yield f"### {MARKS[gated.outcome]} {gated.outcome}: {candidate} against {baseline}\n"
    explained = telling(gated)
    for decision in explained[:SHOWN]:
        yield f"- {escape(explain(decision))}"
    if not explained:
        yield f"- all {len(gated.decisions)} decisions pass."
    for caution in gated.cautions:
        yield f"- ⚠ {escape(caution)}"
    shown, folded = _parted(gated)
    yield from _table(shown)
    if folded:
        yield f"<details><summary>{len(folded)} more tasks</summary>\n"
        yield from _table(folded)
        yield "</details>"
    yield "<details><summary>How it was tested</summary>\n"
    yield f"- the claim is about a {gated.claim}: {CLAIMS[gated.claim]}"
    items = gated.joined.items
    yield f"- {len(items):,} items in {len(set(items.cluster)):,} clusters"
    for role, side in zip(("baseline", "candidate"), gated.sides, strict=True):
        yield f"- {role}: {len(side.seeds)} seed{'s' if len(side.seeds) > 1 else ''}"
        yield from (f"- {role}: {escape(note)}" for note in side.notes)
    if gated.too_small:
        names = ", ".join(escape(name) for name in gated.too_small)
        yield f"- too small to let an equal candidate pass half of the time: {names}"
    yield "\n</details>"


def _parted(gated: Gated) -> tuple[list[Decision], list[Decision]]:
    """What is shown: all, or of many the first and those that did not pass; and the rest."""
    decisions = list(gated.decisions)
    if len(decisions) <= SHOWN:
        return decisions, []
    shown = [each for each in decisions[1:] if each.outcome != "PASS"][: SHOWN - 1]
    return [decisions[0], *shown], [each for each in decisions[1:] if each not in shown]


def _table(decisions: list[Decision]) -> Iterator[str]:
    # The word in the table's last column is mark enough: no further signs of tone.
    table = decision_table(decisions)
    rows = tuple(tuple(replace(entry, tone="plain") for entry in row) for row in table.rows)
    yield from markdown_table(replace(table, rows=rows))
