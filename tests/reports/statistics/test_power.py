"""Plans from a pilot: they agree with the finished run, and with what simulation then finds."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.contrast import compare
from reports.statistics.item_design import ItemDesign, item_design
from reports.statistics.power import Aim, Pilot, detectable, items_needed, pilot, seeds_needed


def plain_design(items: int) -> ItemDesign:
    return item_design(["t"] * items, [str(i) for i in range(items)], {"t": 1.0})


def outcomes(rng: np.random.Generator, seeds: int, items: int, chance: float) -> np.ndarray:
    """Items differ in difficulty, seeds in skill; each answer has noise of its own."""
    difficulty = rng.normal(0, 0.15, items)
    skill = rng.normal(0, 0.03, (seeds, 1))
    return rng.random((seeds, items)) < np.clip(chance + difficulty + skill, 0, 1)


def test_a_plan_of_the_pilot_s_own_size_says_what_the_finished_run_says() -> None:
    rng = np.random.default_rng(0)
    design = plain_design(400)
    a, b = outcomes(rng, 4, 400, 0.6), outcomes(rng, 4, 400, 0.5)
    said = compare(a, b, design).detectable
    assert detectable(pilot(a, b, design), 400, 4) == pytest.approx(said, rel=0.15)


def test_with_one_seed_it_is_the_checkpoint_s() -> None:
    rng = np.random.default_rng(0)
    design = plain_design(300)
    a, b = outcomes(rng, 1, 300, 0.6), outcomes(rng, 1, 300, 0.5)
    plan = pilot(a, b, design)
    assert detectable(plan, 300, 1) == pytest.approx(compare(a, b, design).detectable, rel=1e-9)
    assert seeds_needed(plan, 0.05, 300) is None


def test_the_promised_power_is_what_simulation_finds() -> None:
    rng = np.random.default_rng(7)
    design = plain_design(200)
    big = plain_design(4000)
    plan = pilot(outcomes(rng, 20, 4000, 0.5), outcomes(rng, 20, 4000, 0.5), big)
    effect = detectable(plan, 200, 5)
    found = [
        compare(
            outcomes(rng, 5, 200, 0.5 + effect / 2), outcomes(rng, 5, 200, 0.5 - effect / 2), design
        ).p
        < 0.05
        for _ in range(400)
    ]
    # The estimator is conservative where seeds vary little, so power may fall somewhat short.
    assert 0.7 <= np.mean(found) <= 0.88


def test_more_items_and_seeds_find_smaller_effects_until_seeds_alone_forbid_it() -> None:
    plan = Pilot(item=0.2, seeds=0.002, residual=0.4, item_df_share=1.0)
    fewest = items_needed(plan, 0.08, seeds=5)
    assert fewest is not None
    assert detectable(plan, fewest, 5) <= 0.08 < detectable(plan, fewest - 1, 5)
    assert items_needed(plan, 0.001, seeds=2) is None
    seeds = seeds_needed(plan, 0.05, items=1_000)
    assert seeds is not None
    assert detectable(plan, 1_000, seeds) <= 0.05 < detectable(plan, 1_000, seeds - 1)


def test_one_sided_tests_need_fewer_items() -> None:
    plan = Pilot(item=0.2, seeds=None, residual=None, item_df_share=1.0)
    gate = items_needed(plan, 0.02, 1, Aim(sides=1))
    assert gate is not None
    assert gate == pytest.approx(3_100, rel=0.01)  # 20% discordance, margin 0.02, power 80%
    assert gate < (items_needed(plan, 0.02, 1) or 0)


def test_a_pilot_without_any_discordance_still_has_a_variance() -> None:
    right = np.ones((2, 50), dtype=bool)
    plan = pilot(right, right, plain_design(50))
    assert 0 < detectable(plan, 50, 2) < 0.2
