"""Differences and decisions that are others with forced answers than as written, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reports.comparing.differences import Difference
from reports.comparing.gate import Decision
from reports.comparing.otherwise import opposite
from reports.logs.joined import Joined
from reports.rendering.numerals import p_value, percent, points, signed_points
from reports.statistics.answers import IN_WORDS, Answers, the_other
from reports.statistics.contrast import Contrast
from reports.statistics.levels import LEVEL

# From this difference of two differences on it is told.
TELLING = 0.01
SHOWN = 3


def differing_differences(joined: Joined, found: Sequence[Difference]) -> Iterator[str]:
    """Of every system that the two ways of counting set another distance from the first."""
    for row in found:
        other = row.as_written
        if row.level != "whole" or other is None:
            continue
        shown = [p < LEVEL for p in (row.p_adjusted, other.p_adjusted)]
        changes = [
            *(["its sign"] if opposite(row.contrast, other.contrast) else []),
            *(["whether it is shown"] if shown[0] != shown[1] else []),
        ]
        if changes or _apart(row.contrast, other.contrast):
            names = row.treatment, row.baseline
            yield (
                f"{row.treatment} {signed_points(row.contrast.value)} points with forced answers "
                f"(p {p_value(row.p_adjusted)}), {signed_points(other.contrast.value)} as written "
                f"(p {p_value(other.p_adjusted)}): {_depends(changes)}; {_forced(joined, names)}"
            )


def differing_decisions(
    joined: Joined,
    decisions: Sequence[Decision],
    decided: Callable[[Joined], Sequence[Decision]],
    answers: Answers,
) -> Iterator[str]:
    """What a gate that counted `answers` would have decided, had it counted them the other way.

    `joined` holds the baseline, then the candidate. Decisions that are others come first.
    """
    if not joined.forced:
        return
    otherwise = joined.answered(the_other(answers))
    pairs = [
        (decision, other)
        for decision, other in zip(decisions, decided(otherwise), strict=True)
        if decision.outcome != other.outcome or _apart(decision.contrast, other.contrast)
    ]
    pairs.sort(key=lambda pair: pair[0].outcome == pair[1].outcome)
    for decision, other in pairs[:SHOWN]:
        verdict = (
            f"the decision stands ({other.outcome})"
            if decision.outcome == other.outcome
            else f"the decision would be {other.outcome} instead of {decision.outcome}"
        )
        yield (
            f"{decision.name}: {IN_WORDS[the_other(answers)]} {verdict}: "
            f"{signed_points(other.contrast.value)} points, {IN_WORDS[answers]} "
            f"{signed_points(decision.contrast.value)}; {_forced(joined, joined.names[::-1])}"
        )
    if len(pairs) > SHOWN:
        yield f"{len(pairs) - SHOWN} more decisions differ so between the two ways of counting"


def _apart(first: Contrast, second: Contrast) -> bool:
    return abs(first.value - second.value) > TELLING


def _depends(changes: Sequence[str]) -> str:
    if changes:
        return f"{' and '.join(changes)} depends on unfinished answers"
    return f"more than {points(TELLING)} points of it are unfinished answers"


def _forced(joined: Joined, names: Sequence[str]) -> str:
    """Which share of each named side's answers was forced."""
    told = []
    for name in names:
        written = joined.as_written[joined.names.index(name)]
        told.append(f"{percent(0.0 if written is None else written.forced.mean())}% of {name}")
    return f"answers were forced in {' and '.join(told)}"
