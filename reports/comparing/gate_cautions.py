"""What to know beside a gate's decisions: above all where unfinished answers decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reports.comparing.cautions import LOWER_IS_BETTER, cautions
from reports.comparing.gate import Decision
from reports.comparing.unfinished import apart, forced_shares
from reports.logs.joined import Joined
from reports.logs.samples import Side
from reports.rendering.numerals import signed_points
from reports.statistics.answers import IN_WORDS, Answers, the_other

SHOWN = 3


def gate_cautions(
    sides: Sequence[Side],
    joined: Joined,
    decisions: Sequence[Decision],
    decided: Callable[[Joined], Sequence[Decision]],
    answers: Answers,
) -> list[str]:
    """A sentence for each; `joined` holds the baseline, then the candidate, under names to be used.

    `decisions` are what `decided` makes of it with `answers` counted so.
    """
    return [
        *_differing(joined, decisions, decided, answers),
        *((LOWER_IS_BETTER,) if joined.turned else ()),
        *(warning for side in sides for warning in side.warnings),
        *cautions(sides, joined.answered(answers)),
    ]


def _differing(
    joined: Joined,
    decisions: Sequence[Decision],
    decided: Callable[[Joined], Sequence[Decision]],
    answers: Answers,
) -> Iterator[str]:
    """What would have been decided with answers counted the other way, other outcomes first."""
    if not joined.forced:
        return
    otherwise = joined.answered(the_other(answers))
    pairs = [
        (decision, other)
        for decision, other in zip(decisions, decided(otherwise), strict=True)
        if decision.outcome != other.outcome or apart(decision.contrast, other.contrast)
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
            f"{signed_points(decision.contrast.value)}; {forced_shares(joined, joined.names[::-1])}"
        )
    if len(pairs) > SHOWN:
        yield f"{len(pairs) - SHOWN} more decisions differ so between the two ways of counting"
