"""A candidate gated against a baseline: everything that a log, a file or a test says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reports.comparing.gate import (
    Decision,
    GateOutcome,
    chosen_claim,
    decide,
    decide_tasks,
    overall,
    too_small,
)
from reports.comparing.gate_cautions import gate_cautions
from reports.logs.joined import Joined
from reports.logs.samples import Side
from reports.statistics.answers import Answers
from reports.statistics.contrast import Claim
from tasks.errors import UserError


@dataclass(frozen=True, slots=True)
class Margins:
    """The losses that are still accepted, over all items and on every task; None: not tested.

    UserError where neither is given, or one is no positive number.
    """

    all_items: float | None = None
    per_task: float | None = None

    def __post_init__(self) -> None:
        given = [each for each in (self.all_items, self.per_task) if each is not None]
        if not given:
            raise UserError("give a margin (e.g. 0.02), one for every task, or both")
        if not all(0 < each < float("inf") for each in given):
            raise UserError("a margin is a positive number: 0.02 means 2 percentage points")


@dataclass(frozen=True, slots=True)
class Gated:
    """What was decided of `sides` (baseline, candidate), and what to know beside it.

    `joined` holds their common items; `decisions` come over all items first, then by task;
    `too_small` names tasks on which even an equal candidate would pass less than half of the time.
    """

    sides: tuple[Side, Side]
    joined: Joined
    claim: Claim
    decisions: tuple[Decision, ...]
    cautions: tuple[str, ...]
    too_small: tuple[str, ...]

    @property
    def outcome(self) -> GateOutcome:
        """FAIL if any decision failed, PASS if all passed, else INCONCLUSIVE."""
        return overall(self.decisions)


def gate_sides(
    sides: tuple[Side, Side],
    joined: Joined,
    margins: Margins,
    *,
    claim: Claim | None = None,
    answers: Answers = "forced",
) -> Gated:
    """Decide on the baseline and the candidate, `joined`; UserError where a method claim lacks
    seeds.
    """
    claim = chosen_claim(joined, claim)
    counted = joined.answered(answers)

    def decided(joined: Joined) -> Sequence[Decision]:
        whole = [] if margins.all_items is None else [decide(joined, margins.all_items, claim)]
        if margins.per_task is None:
            return whole
        return [*whole, *decide_tasks(joined, margins.per_task, claim)]

    decisions = decided(counted)
    named = replace(joined, names=("the baseline", "the candidate"))
    return Gated(
        sides=sides,
        joined=joined,
        claim=claim,
        decisions=tuple(decisions),
        cautions=tuple(gate_cautions(sides, named, decisions, decided, answers)),
        too_small=tuple(
            too_small(counted, margins.per_task, claim) if margins.per_task is not None else ()
        ),
    )
