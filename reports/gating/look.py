"""One look of a planned gate: what it decides, and that it is the look that was planned.

Both errors are held over all looks together, each by a spending of its own: with at most 5%
probability a candidate that loses the margin or more passes at any look, and with at most 5% one
that loses no more than the margin fails at any. Stopping for either outcome only makes the other
error rarer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from reports.comparing.gate import Decision, GateOutcome, decide
from reports.gating.look_plan import GatePlan, Taken, planned_order, refuse_looks
from reports.gating.part_of_side import fingerprint, part_of
from reports.items import ItemKey
from reports.logs.joined import Joined, join
from reports.logs.samples import Side
from reports.statistics.contrast import Contrast, t_quantile
from reports.statistics.item_design import ItemDesign
from reports.statistics.spending import nominal_levels, spent
from reports.statistics.weights import EVERYTHING, design_of
from tasks.errors import UserError

SHOWN = 3


@dataclass(frozen=True, slots=True)
class LookResult:
    """What a look found: `plan` with it, the sides joined on its items, and whether it had been
    taken before.
    """

    plan: GatePlan
    number: int
    joined: Joined
    decision: Decision
    level: float
    again: bool


def take_look(plan: GatePlan, number: int, baseline: Side, candidate: Side) -> LookResult:
    """Decide at a look (from 1).

    The same look on the same samples gives the same answer again. UserError for one that is not
    planned or not due, for another baseline, for samples that lack planned items or seeds, and for
    other samples than at earlier looks.
    """
    _refuse_unplanned(plan, number)
    if fingerprint(baseline) != plan.samples:
        raise UserError(
            f"{baseline.name}: not the baseline of the plan ({plan.baseline}), or its samples have "
            "changed since"
        )
    refuse_looks(plan, baseline.items)
    before = [each for each in plan.taken if each.look < number]
    _refuse_changed(plan, before, baseline, candidate)
    sides = at_look(plan, number, baseline, candidate)
    taken_before = next((each for each in plan.taken if each.look == number), None)
    samples = fingerprint(sides[1])
    if taken_before is not None and taken_before.samples != samples:
        raise UserError(
            f"look {number} was taken on other samples of the candidate; a second try is not in "
            "the plan"
        )
    joined = join(sides)
    level = _levels(plan, [*(each.look for each in before), number], baseline)[-1]
    decision = decided(joined, plan, level)
    taken = Taken(
        look=number,
        seeds=list(sides[1].seeds),
        samples=samples,
        level=level,
        value=decision.contrast.value,
        lower=decision.lower,
        upper=decision.upper,
        outcome=decision.outcome,
    )
    after = plan if taken_before else msgspec.structs.replace(plan, taken=[*before, taken])
    return LookResult(after, number, joined, decision, level, again=taken_before is not None)


def decided(joined: Joined, plan: GatePlan, level: float) -> Decision:
    """The decision on a look's items with bounds at its one-sided `level`.

    Equal responses are no certainty here, since more items are to come.
    """
    counted = joined.answered(plan.answers)
    other = tuple(np.full(said.shape, side) for side, said in enumerate(counted.responses))
    found = decide(replace(counted, responses=other), plan.margin, plan.claim)
    if any(side.dtype != bool for side in counted.correct):
        return with_bounds(found, level)
    _, design = design_of(counted.items, EVERYTHING)
    seeds = max(map(len, counted.correct))
    return with_bounds(found, level, least_error(design, plan.margin, seeds))


def with_bounds(decision: Decision, level: float, least_error: float = 0.0) -> Decision:
    """The same decision with one-sided bounds at another level, and what they decide."""
    found = bounds(decision.contrast, level, least_error)
    if found is None:
        return decision
    lower, upper = found
    return replace(
        decision, lower=lower, upper=upper, outcome=outcome_of(lower, upper, decision.margin)
    )


def bounds(
    contrast: Contrast, level: float, least_error: float = 0.0
) -> tuple[float, float] | None:
    """One-sided bounds of a contrast, each at `level`; None where its variance cannot be told."""
    if contrast.standard_error is None or contrast.df is None:
        return None
    reach = t_quantile(1 - level, contrast.df) * max(contrast.standard_error, least_error)
    return contrast.value - reach, contrast.value + reach


def outcome_of(lower: float, upper: float, margin: float) -> GateOutcome:
    """What the bounds of candidate - baseline say about a loss of the margin."""
    return "PASS" if lower > -margin else "FAIL" if upper < -margin else "INCONCLUSIVE"


def least_error(design: ItemDesign, margin: float, seeds: int) -> float:
    """The standard error that a loss of exactly the margin has at least, where items are right or
    wrong.

    Of K seeds an item's difference is a multiple of 1 / K, so its square is at least margin / K on
    average. An early look sees few discordant items and would be sure of too much without it.
    """
    spread = max(margin / seeds - margin**2, 0.0)
    return float((spread * (design.weight**2).sum()) ** 0.5)


def at_look(plan: GatePlan, number: int, baseline: Side, candidate: Side) -> tuple[Side, Side]:
    """Both sides on the look's items, in the plan's order; UserError where the candidate lacks
    some.
    """
    look = plan.looks[number - 1]
    if len(candidate.seeds) != look.seeds:
        raise UserError(
            f"look {number} is planned with {_seeds(look.seeds)} of the candidate, "
            f"{candidate.name} has {len(candidate.seeds)}"
        )
    return _on_items(plan, number, baseline, candidate)


def items_of_look(plan: GatePlan, number: int, baseline: Side) -> list[ItemKey]:
    """The keys of a look's items, in the plan's order."""
    order = planned_order(baseline.items, plan.order)[: plan.looks[number - 1].items]
    return baseline.items[order].keys


def _on_items(plan: GatePlan, number: int, baseline: Side, candidate: Side) -> tuple[Side, Side]:
    wanted = items_of_look(plan, number, baseline)
    sides = []
    for side in (baseline, candidate):
        places = {key: place for place, key in enumerate(side.items.keys)}
        if missing := [key for key in wanted if key not in places]:
            few = ", ".join(f"{key.task} {key.id}" for key in missing[:SHOWN])
            raise UserError(
                f"{side.name}: lacks {len(missing):,} of the {len(wanted):,} items of look "
                f"{number} ({few}); `cascod gate BASELINE --plan PLAN --look "
                f"{number}/{len(plan.looks)}` lists them"
            )
        sides.append(part_of(side, np.array([places[key] for key in wanted])))
    return sides[0], sides[1]


def _refuse_unplanned(plan: GatePlan, number: int) -> None:
    planned = len(plan.looks)
    if not 1 <= number <= planned:
        raise UserError(f"look {number} is not in the plan, which has {planned}")
    taken = [each.look for each in plan.taken]
    if number in taken:
        return
    if plan.end is not None:
        raise UserError(
            f"the plan ended at look {plan.end.look} with {plan.end.outcome}; a further look is "
            "not in it, another candidate needs a plan of its own"
        )
    if taken and number < max(taken):
        raise UserError(f"look {number} is past: look {max(taken)} was taken without it")


def _refuse_changed(plan: GatePlan, before: list[Taken], baseline: Side, candidate: Side) -> None:
    """UserError where what was seen at earlier looks is not among the samples any more."""
    for taken in before:
        runs = [run for run, seed in enumerate(candidate.seeds) if seed in taken.seeds]
        if len(runs) == len(taken.seeds):
            everything = np.arange(len(candidate.items))
            _, then = _on_items(plan, taken.look, baseline, part_of(candidate, everything, runs))
            if fingerprint(then) == taken.samples:
                continue
        raise UserError(
            f"{candidate.name}: not the samples of look {taken.look} with more of them; every look "
            "goes on with those of the one before"
        )


def levels_of(plan: GatePlan, baseline: Side) -> list[float]:
    """The one-sided level of each look, if none is left out."""
    return _levels(plan, list(range(1, len(plan.looks) + 1)), baseline)


def _levels(plan: GatePlan, looks: list[int], baseline: Side) -> list[float]:
    """The level of each of these looks, if no others are taken.

    Information is counted as seeds / sum of squared item weights: responses, where items weigh the
    same. Looks never correlate less than this says: more items and more seeds at once are worth
    less than their product wherever items, clusters or seeds have effects of their own.
    """
    order = planned_order(baseline.items, plan.order)
    information = []
    for number in looks:
        look = plan.looks[number - 1]
        _, design = design_of(baseline.items[order[: look.items]], EVERYTHING)
        information.append(look.seeds / float((design.weight**2).sum()))
    errors = [spent(plan.share(number), plan.level) for number in looks]
    return nominal_levels(information, errors)


def _seeds(number: int) -> str:
    return f"{number} seed{'s' if number > 1 else ''}"
