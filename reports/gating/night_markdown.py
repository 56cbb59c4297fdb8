"""A night as Markdown that a pull request's reader takes in at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.comparing.gate_markdown import MARKS
from reports.comparing.gate_summary import CLAIMS
from reports.gating.history import Build
from reports.gating.night import Held, Night
from reports.gating.night_told import first_told, held_table, label, trend
from reports.rendering.markdown import escape, markdown_table
from reports.rendering.numerals import percent, points, signed_points


def night_markdown(
    build: Build, night: Night, margin: float, sentences: Sequence[str], notes: Sequence[str]
) -> str:
    """The outcome, the loss against the anchor that leads furthest, the margin that it spends and
    the trend; every build that this one was held against is folded.
    """
    lines = (*_at_a_glance(build, night, margin, sentences), *_folded(night, notes))
    return "\n".join(lines) + "\n"


def first_markdown(build: Build) -> str:
    """What there is to say of the build that begins a history, which is held against nothing."""
    return f"### ⚓ {escape(first_told(build))}\n"


def _at_a_glance(
    build: Build, night: Night, margin: float, sentences: Sequence[str]
) -> Iterator[str]:
    name = escape(build.name)
    yield f"### {MARKS[night.outcome]} {night.outcome}: {name}, build {build.number}\n"
    anchors = [each for each in night.held if each.build.anchor]
    yield f"{_figures(min(anchors, key=lambda each: each.decision.contrast.value), margin)}\n"
    yield from (f"- {escape(sentence)}" for sentence in sentences)
    if night.decline is None:
        yield f"- {escape(trend(night))}"


def _figures(held: Held, margin: float) -> str:
    decision = held.decision
    levels = (decision.baseline_accuracy, decision.candidate_accuracy)
    spent = max(0.0, -decision.contrast.value)  # of equal builds no -0.0
    return (
        f"**{' → '.join(map(percent, levels))} since {label(held.build)}: "
        f"{signed_points(decision.contrast.value)} points**, between "
        f"{signed_points(decision.lower)} and {signed_points(decision.upper)}; "
        f"**{points(spent)} of the margin's {points(margin)} points spent**; "
        f"{decision.contrast.items:,} items"
    )


def _folded(night: Night, notes: Sequence[str]) -> Iterator[str]:
    yield "\n<details><summary>All builds that it was held against</summary>"
    # The last column says it: no further signs of tone.
    table = held_table(night)
    rows = tuple(tuple(replace(entry, tone="plain") for entry in row) for row in table.rows)
    yield from markdown_table(replace(table, rows=rows))
    claim = night.held[0].decision.contrast.claim
    yield f"- the claim is about a {claim}: {CLAIMS[claim]}"
    yield from (f"- {escape(note)}" for note in notes)
    yield "\n</details>"
