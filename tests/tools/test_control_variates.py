"""What earlier checkpoints' scores would bring to an interval (docs/power.md)."""

from __future__ import annotations

import numpy as np
import pytest

from tools.control_variates import WORLDS, adjusted, measured, plain


def test_without_a_larger_pool_the_adjusted_mean_is_the_mean() -> None:
    rng = np.random.default_rng(0)
    x = rng.random(200)
    y = x + rng.random(200)
    with_pool, without = adjusted(y, x, x), plain(y)
    assert with_pool.value == pytest.approx(without.value)
    assert with_pool.error == pytest.approx(without.error, rel=0.01)


def test_a_covariate_that_explains_everything_leaves_the_pools_own_error() -> None:
    pool = np.random.default_rng(0).random(2000)
    found = adjusted(2 * pool[:100], pool[:100], pool)
    assert found.value == pytest.approx(2 * pool.mean())
    assert found.error == pytest.approx(2 * pool.std(ddof=1) / 2000**0.5)


def test_difficulty_does_not_shorten_a_paired_interval() -> None:
    found = measured(WORLDS[0], 100, np.random.default_rng(0))
    difference = found["paired difference", "difficulty"]
    assert difference.length == pytest.approx(1, abs=0.01)
    assert abs(difference.bias) < 4 * difference.bias_error


def test_difficulty_shortens_an_accuracys_interval_where_items_differ_much() -> None:
    [world] = [world for world in WORLDS if world.name == "items from hopeless to sure"]
    found = measured(world, 100, np.random.default_rng(0))
    assert found["accuracy", "difficulty"].length < 0.97
