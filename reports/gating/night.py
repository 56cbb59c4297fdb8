"""One night: a candidate against the last build and all anchors, and the way that all have gone.

PASS needs every comparison to rule a loss of the margin out, each at 95%; that needs no correction
for their number (an intersection-union test, Berger 1982). Alarms are held over a month: in any
NIGHTS nights in a row on which nothing is lost, any of them is raised with about 5% probability at
most. Losses larger than the margin against one build are rare there and have a small part of it,
divided by the union bound; declines have the rest. Their lines share all builds but one from night
to night, so the union bound would give away most of the level: a night spends OVERLAP times as
much, which is simulated (docs/simulations.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reports.comparing.gate import Decision, GateOutcome
from reports.gating.bounds import WIDEST, bounds, outcome_of
from reports.gating.history import Build, History, on_common_items
from reports.items import Items
from reports.statistics.contrast import Contrast, compare
from reports.statistics.decline import fitted_change, luck_of, p_of_decline, stretches
from reports.statistics.item_design import ItemDesign
from reports.statistics.levels import LEVEL
from reports.statistics.scale import scale_of
from reports.statistics.weights import EVERYTHING, design_of

NIGHTS = 30
ON_DECLINES = 0.95
OVERLAP = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The candidate against one build; `left_out` counts its items that the build was not asked."""

    build: Build
    decision: Decision
    left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class Decline:
    """The line through the last builds, the candidate among them: `change` from the first of them,
    `since`, to the candidate. It is `shown` where its p value lies below its share of the level,
    and judged by the builds' own scatter where they scatter more than items explain (`lucky`).
    """

    since: Build
    builds: int
    change: Contrast
    p: float
    shown: bool
    lucky: bool

    @property
    def lost(self) -> float:
        """The fitted loss."""
        return -self.change.value


@dataclass(frozen=True, slots=True, eq=False)
class Night:
    """What a night found."""

    outcome: GateOutcome
    held: tuple[Held, ...]
    declines: tuple[Decline, ...]

    @property
    def decline(self) -> Decline | None:
        """The decline that is shown, with the smallest p value where several are."""
        return min((d for d in self.declines if d.shown), key=lambda d: d.p, default=None)


def judge(history: History, candidate: Build) -> Night:
    """Hold a candidate against a history of at least one build.

    FAIL where a loss larger than the margin is shown against any build, or a decline whose fitted
    loss is larger than that.
    """
    against = {build.number: build for build in (*history.anchors, history.accepted[-1])}
    level = LEVEL / NIGHTS
    on_each = (1 - ON_DECLINES) * level / len(against)
    held = tuple(_hold(build, candidate, history.margin, on_each) for build in against.values())
    builds = [*history.accepted, candidate]
    declines = tuple(_declines(builds, ON_DECLINES * OVERLAP * level))
    outcomes = {each.decision.outcome for each in held}
    if "FAIL" in outcomes or any(d.shown and d.lost > history.margin for d in declines):
        return Night("FAIL", held, declines)
    return Night("PASS" if outcomes == {"PASS"} else "INCONCLUSIVE", held, declines)


def _hold(build: Build, candidate: Build, margin: float, level: float) -> Held:
    """The lower bound is that of a single gate, the upper one at `level`."""
    common = on_common_items([build, candidate])
    design = design_on(common.items)
    before, now = common.correct
    contrast = compare(now, before, design)
    lower, _ = bounds(contrast, LEVEL) or (-WIDEST, WIDEST)
    _, upper = bounds(contrast, level) or (-WIDEST, WIDEST)
    decision = Decision(
        name=f"build {build.number}",
        outcome=outcome_of(lower, upper, margin),
        margin=margin,
        contrast=contrast,
        lower=lower,
        upper=upper,
        baseline_accuracy=float(before.mean(axis=0) @ design.weight),
        candidate_accuracy=float(now.mean(axis=0) @ design.weight),
        constant_accuracy=None,
        detectable=None,
        items_needed=None,
        seeds_needed=None,
        scale=scale_of(common.correct),
    )
    return Held(build, decision, common.left_out)


def _declines(builds: Sequence[Build], level: float) -> Iterator[Decline]:
    whole = on_common_items(builds)
    luck = luck_of(whole.correct, design_on(whole.items))
    lengths = stretches(len(builds))
    for length in lengths:
        part = on_common_items(builds[-length:])
        change = fitted_change(part.correct, design_on(part.items))
        p = p_of_decline(change, length, luck)
        shown = p < level / len(lengths)
        lucky = luck is not None and luck.shown
        yield Decline(builds[-length], length, change, p, shown, lucky)


@lru_cache(maxsize=4)
def design_on(items: Items) -> ItemDesign:
    """The design over all items of a table; most builds share one."""
    return design_of(items, EVERYTHING)[1]
