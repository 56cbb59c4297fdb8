"""A gate that looks several times: what a look decides, and which looks are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from gate_sides import side

from reports.gating.look import take_look
from reports.gating.look_plan import GatePlan, Look, even_looks, new_plan, planned_order
from reports.gating.part_of_side import part_of
from reports.logs.samples import Side
from tasks.errors import UserError


def pair(loss: float, items: int = 3200, seeds: int = 1) -> tuple[Side, Side]:
    """20% of items discordant in expectation, the candidate worse by `loss`."""
    rng = np.random.default_rng(7)
    kinds = rng.choice(3, (seeds, items), p=[0.8, 0.1 - loss / 2, 0.1 + loss / 2])
    right = rng.random((seeds, items)) < 0.6
    base, new = np.where(kinds == 0, right, kinds == 2), np.where(kinds == 0, right, kinds == 1)
    return side("base", base), side("new", new)


def planned(base: Side, looks: int = 4, seeds: tuple[int, ...] = (1,)) -> GatePlan:
    return new_plan(base, margin=0.02, looks=even_looks(looks, len(base.items), seeds))


def answered(plan: GatePlan, number: int, base: Side, new: Side) -> Side:
    """The candidate when it has answered the items of a look and no others."""
    order = planned_order(base.items, plan.order)[: plan.looks[number - 1].items]
    return part_of(new, np.sort(order))


def test_a_far_worse_candidate_fails_early_and_a_far_better_one_passes_early() -> None:
    for loss, outcome in ((0.15, "FAIL"), (-0.1, "PASS")):
        base, new = pair(loss)
        plan = planned(base)
        result = take_look(plan, 1, base, answered(plan, 1, base, new))
        assert result.decision.outcome == outcome
        assert result.plan.end is not None


def test_an_open_look_goes_on_with_wider_bounds_than_a_single_test_has() -> None:
    base, new = pair(0.01)
    plan = planned(base)
    result = take_look(plan, 1, base, answered(plan, 1, base, new))
    assert result.decision.outcome == "INCONCLUSIVE"
    assert result.decision.contrast.items == 800
    assert result.level < 0.001
    second = take_look(result.plan, 2, base, answered(plan, 2, base, new))
    assert [taken.look for taken in second.plan.taken] == [1, 2]
    assert result.level < second.level < 0.05


def test_the_same_look_on_the_same_samples_is_no_new_look() -> None:
    base, new = pair(0.01)
    first = take_look(planned(base), 1, base, new)
    again = take_look(first.plan, 1, base, part_of(new, np.arange(3200)[::-1]))
    assert again.again
    assert again.plan == first.plan
    assert again.decision == first.decision


def test_an_earlier_answer_stays_what_it_was_after_later_looks() -> None:
    base, new = pair(0.01)
    first = take_look(planned(base), 1, base, new)
    second = take_look(first.plan, 2, base, new)
    again = take_look(second.plan, 1, base, new)
    assert again.plan == second.plan
    assert again.level == first.level


def test_unplanned_looks_are_refused() -> None:
    base, new = pair(0.01)
    plan = planned(base)
    for number in (0, 5):
        with pytest.raises(UserError, match=f"look {number} is not in the plan, which has 4"):
            take_look(plan, number, base, new)
    third = take_look(plan, 3, base, new).plan
    with pytest.raises(UserError, match="look 2 is past: look 3 was taken without it"):
        take_look(third, 2, base, new)


def test_a_plan_ends_with_its_decision() -> None:
    base, new = pair(0.15)
    plan = take_look(planned(base), 1, base, new).plan
    with pytest.raises(UserError, match="ended at look 1 with FAIL"):
        take_look(plan, 2, base, new)
    base, new = pair(0.02)
    last = take_look(planned(base), 4, base, new)
    assert last.plan.end is not None


def test_a_look_on_other_samples_is_refused() -> None:
    base, new = pair(0.01)
    plan = take_look(planned(base), 1, base, new).plan
    other = replace(new, responses=new.responses + 1)
    with pytest.raises(UserError, match="look 1 was taken on other samples"):
        take_look(plan, 1, base, other)
    with pytest.raises(UserError, match="not the samples of look 1 with more of them"):
        take_look(plan, 2, base, other)
    with pytest.raises(UserError, match="not the baseline of the plan"):
        take_look(plan, 1, other, new)


def test_a_candidate_that_lacks_planned_items_is_refused() -> None:
    base, new = pair(0.01)
    plan = planned(base)
    with pytest.raises(UserError, match="lacks 800 of the 1,600 items of look 2"):
        take_look(plan, 2, base, answered(plan, 1, base, new))


def test_looks_at_more_seeds() -> None:
    base, new = pair(0.01, items=400, seeds=8)
    plan = planned(base, seeds=(3, 5, 8))
    assert plan.claim == "method"
    first = take_look(plan, 1, base, part_of(new, np.arange(400), range(3)))
    second = take_look(first.plan, 2, base, part_of(new, np.arange(400), range(5)))
    assert second.decision.contrast.claim == "method"
    with pytest.raises(UserError, match="look 3 is planned with 8 seeds of the candidate"):
        take_look(second.plan, 3, base, part_of(new, np.arange(400), range(7)))
    with pytest.raises(UserError, match="not the samples of look 1"):
        take_look(first.plan, 2, base, part_of(new, np.arange(400), [0, 1, 5, 6, 7]))


def test_seeds_of_checkpoints_cannot_grow() -> None:
    base, _ = pair(0.0, items=100)
    with pytest.raises(UserError, match="more seeds from look to look"):
        planned(base, seeds=(1, 2))


def test_looks_must_rise_and_fit_the_baseline() -> None:
    base, _ = pair(0.0, items=100)
    with pytest.raises(UserError, match="more items or more seeds"):
        new_plan(base, margin=0.02, looks=[Look(50, 1), Look(50, 1)])
    with pytest.raises(UserError, match="the baseline has 100"):
        new_plan(base, margin=0.02, looks=[Look(50, 1), Look(150, 1)])


def test_every_task_has_its_share_of_every_look() -> None:
    base = side("base", np.ones((1, 260)), tasks=(10, 50, 200))
    first = base.items[planned_order(base.items, "")[:130]]
    assert [int((first.task == f"t{t}").sum()) for t in range(3)] == [5, 25, 100]


def test_another_order_takes_other_items_first() -> None:
    base, _ = pair(0.0, items=100)
    orders = [planned_order(base.items, seed)[:50].tolist() for seed in ("", "1", "")]
    assert orders[0] == orders[2] != orders[1]


def test_a_very_early_look_has_wide_bounds_that_are_numbers() -> None:
    base, new = pair(0.01)
    plan = new_plan(base, margin=0.02, looks=[Look(3, 1), Look(3200, 1)])
    result = take_look(plan, 1, base, new)
    assert result.decision.outcome == "INCONCLUSIVE"
    assert -1 <= result.decision.lower < result.decision.upper <= 1


@pytest.mark.parametrize("looks", [1, 2])
def test_one_item_decides_nothing(looks: int) -> None:
    base, new = (side(name, np.ones((1, looks))) for name in ("base", "new"))
    result = take_look(planned(base, looks), 1, base, new)
    assert result.decision.outcome == "INCONCLUSIVE"
    assert (result.decision.lower, result.decision.upper) == (-1.0, 1.0)


def test_one_cluster_decides_nothing() -> None:
    base, new = (side(name, np.ones((1, 100)), cluster="all") for name in ("base", "new"))
    assert take_look(planned(base), 2, base, new).decision.outcome == "INCONCLUSIVE"


def test_equal_outcomes_pass_once_there_are_enough_of_them() -> None:
    base, new = (side(name, np.ones((1, 3200))) for name in ("base", "new"))
    outcomes = [take_look(planned(base, 20), k, base, new).decision.outcome for k in (1, 10)]
    assert outcomes == ["INCONCLUSIVE", "PASS"]
