"""Is a candidate no worse than a baseline, but for a margin? The non-inferiority decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np

from reports.comparing.constant import constant_accuracy
from reports.logs.joined import Joined
from reports.statistics.contrast import (
    Claim,
    Contrast,
    compare,
    same_responses,
    t_quantile,
)
from reports.statistics.item_design import ItemDesign
from reports.statistics.levels import LEVEL
from reports.statistics.power import Aim, Pilot, detectable, items_needed, pilot, seeds_needed
from reports.statistics.scale import BINARY, Correct, Scale
from reports.statistics.weights import EVERYTHING, design_of, task_design
from tasks.errors import UserError

GateOutcome = Literal["PASS", "FAIL", "INCONCLUSIVE"]
AIM = Aim(level=LEVEL, sides=1)
# A coin's chance: where an equal candidate passes less often than this, a task is called too small.
EVEN = Aim(level=LEVEL, sides=1, power=0.5)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, over all items or one task.

    `contrast` is candidate minus baseline, `lower` and `upper` are its one-sided 95% bounds.
    `constant_accuracy` is what the commonest gold of each task scores, None where it is not known.
    The rest says what would settle an open decision: the smallest loss that this test would find
    with probability 0.8, and the items (with these seeds) or the seeds (with these items) with
    which an equal candidate would pass with that probability; None where no number would.
    """

    name: str
    outcome: GateOutcome
    margin: float
    contrast: Contrast
    lower: float
    upper: float
    baseline_accuracy: float
    candidate_accuracy: float
    constant_accuracy: float | None
    detectable: float | None
    items_needed: int | None
    seeds_needed: int | None
    scale: Scale = BINARY


def decide(joined: Joined, margin: float, claim: Claim | None = None) -> Decision:
    """The decision over all items: suites weigh the same, items weigh the same within one.

    `joined` holds the baseline, then the candidate. PASS where the lower bound lies above -margin,
    FAIL where the upper bound lies below it, INCONCLUSIVE otherwise; identical responses pass.
    """
    chosen, design = design_of(joined.items, EVERYTHING)
    return _decide("all items", joined, chosen, design, margin, claim)


def decide_tasks(joined: Joined, margin: float, claim: Claim | None = None) -> list[Decision]:
    """A decision for every task.

    Non-inferiority on all of them needs no correction for their number: it is an intersection-union
    test (Berger 1982, "Multiparameter hypothesis testing and acceptance sampling").
    """
    decisions = []
    for suite, task in joined.items.tasks:
        chosen, design = task_design(joined.items, suite, task)
        decisions.append(_decide(task, joined, chosen, design, margin, claim))
    return decisions


def overall(decisions: Sequence[Decision]) -> GateOutcome:
    """FAIL if any failed, PASS if all passed, else INCONCLUSIVE."""
    outcomes = {decision.outcome for decision in decisions}
    if "FAIL" in outcomes:
        return "FAIL"
    return "PASS" if outcomes == {"PASS"} else "INCONCLUSIVE"


def too_small(joined: Joined, margin: float, claim: Claim | None = None) -> list[str]:
    """Tasks on which a candidate as good as the baseline would pass less than half of the time.

    Judged by how much the two sides vary, not by which of them is better.
    """
    names = []
    for suite, task in joined.items.tasks:
        chosen, design = task_design(joined.items, suite, task)
        baseline, candidate = (side[:, chosen] for side in joined.correct)
        plan = _pilot(candidate, baseline, design, claim, joined.scale)
        seeds = min(len(baseline), len(candidate))
        if plan is None or detectable(plan, design.items, seeds, EVEN) > margin:
            names.append(task)
    return names


def chosen_claim(joined: Joined, wanted: Claim | None) -> Claim:
    """The claim that is tested; UserError where a method claim lacks seeds."""
    fewest = min(len(side) for side in joined.correct)
    if wanted == "method" and fewest < 2:
        raise UserError(
            "a claim about methods needs two training seeds a side, because another seed could "
            "turn the difference round; give more runs or --claim checkpoint"
        )
    return wanted or ("method" if fewest > 1 else "checkpoint")


def _decide(
    name: str,
    joined: Joined,
    chosen: np.ndarray,
    design: ItemDesign,
    margin: float,
    claim: Claim | None,
) -> Decision:
    baseline, candidate = (side[:, chosen] for side in joined.correct)
    claim, scale = chosen_claim(joined, claim), joined.scale
    refuse_margin(margin, scale)
    same = same_responses(*(side[:, chosen] for side in joined.responses))
    contrast = compare(candidate, baseline, design, identical=same, claim=claim, scale=scale)
    lower, upper = _bounds(contrast, design, scale)
    plan = _pilot(candidate, baseline, design, claim, scale)
    seeds = min(len(baseline), len(candidate))
    return Decision(
        name=name,
        outcome="PASS" if lower > -margin else "FAIL" if upper < -margin else "INCONCLUSIVE",
        margin=margin,
        contrast=contrast,
        lower=lower,
        upper=upper,
        baseline_accuracy=float(baseline.mean(axis=0) @ design.weight),
        candidate_accuracy=float(candidate.mean(axis=0) @ design.weight),
        constant_accuracy=constant_accuracy(joined.items[chosen], design, scale),
        detectable=detectable(plan, design.items, seeds, AIM) if plan else None,
        items_needed=items_needed(plan, margin, seeds, AIM) if plan else None,
        seeds_needed=seeds_needed(plan, margin, design.items, AIM) if plan else None,
        scale=scale,
    )


def refuse_margin(margin: float, scale: Scale) -> None:
    """UserError for a margin of 2 where outcomes lie in [0, 1]: it is a slip."""
    if scale.bounded and margin >= 1:
        raise UserError(
            f"a margin of {margin:g} is not between 0 and 1; 0.02 means 2 percentage points"
        )


def _bounds(contrast: Contrast, design: ItemDesign, scale: Scale) -> tuple[float, float]:
    if contrast.identical:
        return contrast.value, contrast.value
    widest = design.range if scale.bounded else inf
    if contrast.standard_error is None or contrast.df is None:
        return -widest, widest
    reach = t_quantile(1 - LEVEL, contrast.df) * contrast.standard_error
    return max(-widest, contrast.value - reach), min(widest, contrast.value + reach)


def _pilot(
    candidate: Correct, baseline: Correct, design: ItemDesign, claim: Claim | None, scale: Scale
) -> Pilot | None:
    if not design.estimable or scale.span == 0:
        return None
    if claim == "checkpoint":
        candidate, baseline = (side.mean(axis=0, keepdims=True) for side in (candidate, baseline))
    return pilot(candidate, baseline, design, scale.span)
