"""A planned look as Markdown that a pull request's reader takes in at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.comparing.gate_markdown import MARKS, figures, how_tested
from reports.gating.look import LookResult
from reports.gating.told import explain_look, in_words
from reports.logs.samples import Side
from reports.rendering.markdown import escape, markdown_table
from reports.rendering.numerals import signed_points
from reports.rendering.tables import Entry, Table


def look_markdown(result: LookResult, sides: Sequence[Side], cautions: Sequence[str]) -> str:
    """The outcome, the figures, what comes next; all looks and how it was tested are folded."""
    return "\n".join((*_at_a_glance(result, sides, cautions), *_folded(result, sides))) + "\n"


def _at_a_glance(
    result: LookResult, sides: Sequence[Side], cautions: Sequence[str]
) -> Iterator[str]:
    decision = result.decision
    baseline, candidate = (escape(side.name) for side in sides)
    yield (
        f"### {MARKS[decision.outcome]} {decision.outcome}: {candidate} against {baseline}, "
        f"look {result.number} of {len(result.plan.looks)}\n"
    )
    yield f"{figures(decision, '95% each way, over all looks together')}\n"
    yield f"- {escape(explain_look(result, bounds_beside=True))}"
    yield from (f"- ⚠ {escape(caution)}" for caution in cautions)


def _folded(result: LookResult, sides: Sequence[Side]) -> Iterator[str]:
    yield "\n<details><summary>All looks, and how it was tested</summary>"
    yield from markdown_table(_looks(result))
    yield from how_tested(result.plan.claim, result.joined, sides)
    yield "\n</details>"


def _looks(result: LookResult) -> Table:
    """Those taken, and those to come unless the plan has ended."""
    taken = {each.look: each for each in result.plan.taken}
    rows = []
    for number, planned in enumerate(result.plan.looks, start=1):
        look = Entry(f"{number}"), Entry(in_words(planned))
        if found := taken.get(number):
            bounds = f"{signed_points(found.lower)} to {signed_points(found.upper)}"
            found_so = Entry(signed_points(found.value)), Entry(bounds), Entry(found.outcome)
            rows.append((*look, *found_so))
        else:
            passed = result.plan.end is not None or number < max(taken)
            said = "not taken" if passed else "to come"
            rows.append((*look, Entry(""), Entry(""), Entry(said)))
    return Table(
        "Candidate − baseline in percentage points at each look",
        ("look", "at", "difference", "bounds", "outcome"),
        tuple(rows),
        2,
    )
