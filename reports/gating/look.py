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

from reports.comparing.gate import Decision, decide
from reports.gating.bounds import least_error, with_bounds
from reports.gating.look_plan import GatePlan, Taken, planned_order, refuse_looks
from reports.gating.part_of_side import fingerprint, part_of
from reports.items import ItemKey
from reports.logs.joined import Joined, join
from reports.logs.samples import Side
from reports.rendering.numerals import counted
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
            "changed since, or --metric, --filter or --cluster is not what the plan was made with"
        )
    refuse_looks(plan, baseline.items)
    before = [each for each in plan.taken if each.look < number]
    _refuse_changed(plan, before, baseline, candidate)
    _refuse_other_seeds(plan, number, candidate)
    sides = _on_items(plan, number, baseline, candidate)
    taken_before = next((each for each in plan.taken if each.look == number), None)
    samples = fingerprint(sides[1])
    if taken_before is not None and taken_before.samples != samples:
        raise UserError(
            f"look {number} was taken on other samples of the candidate; a second try is not in "
            "the plan"
        )
    joined = join(sides)
    counted = joined.answered(plan.answers)
    level = _levels(plan, [*(each.look for each in before), number], baseline)[-1]
    decision = decided(counted, plan, level)
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
    """The decision on a look's items, with answers counted as `joined` has them and bounds at the
    one-sided `level`.

    Equal responses are no certainty here, since more items are to come.
    """
    other = tuple(np.full(said.shape, side) for side, said in enumerate(joined.responses))
    found = decide(replace(joined, responses=other), plan.margin, plan.claim)
    if any(side.dtype != bool for side in joined.correct):
        return with_bounds(found, level)
    _, design = design_of(joined.items, EVERYTHING)
    seeds = max(map(len, joined.correct))
    return with_bounds(found, level, least_error(design, plan.margin, seeds))


def items_of_look(plan: GatePlan, number: int, baseline: Side) -> list[ItemKey]:
    """The keys of a look's items, in the plan's order."""
    order = planned_order(baseline.items, plan.order)[: plan.looks[number - 1].items]
    return baseline.items[order].keys


def _on_items(plan: GatePlan, number: int, baseline: Side, candidate: Side) -> tuple[Side, Side]:
    """Both sides on a look's items, in the plan's order; UserError where one lacks some."""
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


def _refuse_other_seeds(plan: GatePlan, number: int, candidate: Side) -> None:
    seeds = plan.looks[number - 1].seeds
    if len(candidate.seeds) != seeds:
        raise UserError(
            f"look {number} is planned with {counted(seeds, 'seed')} of the candidate, "
            f"{candidate.name} has {len(candidate.seeds)}"
        )


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
