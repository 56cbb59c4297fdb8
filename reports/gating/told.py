"""Planned looks in words."""

from __future__ import annotations

from collections.abc import Iterator

from reports.comparing.gate_summary import explain
from reports.gating.look import LookResult, levels_of
from reports.gating.look_plan import GatePlan, Look
from reports.logs.samples import Side
from reports.rendering.numerals import counted, points, signed_points


def look_line(result: LookResult) -> str:
    """Which look this is, and what its bounds are."""
    again = ", taken before and not counted again" if result.again else ""
    return (
        f"{'look':<10} {result.number} of {len(result.plan.looks)}{again}; its bounds are so wide "
        "that all looks\n           together err in 5% of cases, as a single one would"
    )


def explain_look(result: LookResult, *, bounds_beside: bool = False) -> str:
    """Why the look decides, or what comes next; `bounds_beside` as for `explain`."""
    decision, planned = result.decision, result.plan.looks
    if decision.outcome != "INCONCLUSIVE":
        return f"{explain(decision, bounds_beside=bounds_beside)} The plan ends here."
    between = (
        f"the difference lies between {signed_points(decision.lower)} and "
        f"{signed_points(decision.upper)} points, which neither rules a loss of "
        f"{points(decision.margin)} out nor shows it"
    )
    if result.number == len(planned):
        return f"{between}; this was the last look, and another would not be in the plan."
    following = planned[result.number]
    return f"{between}; go on to look {result.number + 1}, at {in_words(following)}."


def plan_lines(plan: GatePlan, baseline: Side) -> Iterator[str]:
    """The plan as it is printed: a line a look."""
    yield (
        f"margin {points(plan.margin)} points, claim {plan.claim}; all looks together err in 5% of "
        "cases"
    )
    for number, (look, level) in enumerate(
        zip(plan.looks, levels_of(plan, baseline), strict=True), start=1
    ):
        yield f"look {number}/{len(plan.looks)}  at {in_words(look)}, level {level:.2g}"


def in_words(look: Look) -> str:
    """ "1,600 items and 3 seeds"."""
    items = counted(look.items, "item")
    return items if look.seeds == 1 else f"{items} and {look.seeds} seeds"
