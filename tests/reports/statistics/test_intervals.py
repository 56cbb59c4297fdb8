"""Intervals of accuracies."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest
from scipy.stats import norm

from reports.statistics.intervals import accuracy, wilson
from reports.statistics.item_design import item_design


def design_of(clusters: np.ndarray) -> object:
    return item_design(["t"] * len(clusters), [str(c) for c in clusters], {"t": 1.0})


@pytest.mark.parametrize(
    ("right", "n", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_values_of_newcombe_1998(
    right: int, n: int, lower: float, upper: float
) -> None:
    interval = wilson(right / n, n)
    assert interval.lower == pytest.approx(lower, abs=5e-5)
    assert interval.upper == pytest.approx(upper, abs=5e-5)


@pytest.mark.parametrize("right", [0, 3, 81, 263])
def test_one_run_over_independent_items_is_plain_wilson(right: int) -> None:
    correct = (np.arange(263) < right)[None]
    interval, expected = accuracy(correct, design_of(np.arange(263))), wilson(right / 263, 263)
    assert astuple(interval) == pytest.approx(astuple(expected))


@pytest.mark.parametrize("value", [True, False])
@pytest.mark.parametrize("seeds", [1, 3])
def test_all_right_or_all_wrong_is_not_certain(value: bool, seeds: int) -> None:
    interval = accuracy(np.full((seeds, 20), value), design_of(np.arange(20)))
    assert 0.1 < interval.upper - interval.lower < 0.2


def test_items_of_one_cluster_tell_nothing() -> None:
    interval = accuracy(np.array([[True, False, True]]), design_of(np.zeros(3, dtype=int)))
    assert (interval.lower, interval.upper) == (0, 1)


def test_clusters_that_agree_widen_the_interval() -> None:
    correct = np.repeat(np.arange(30) % 2, 10).astype(bool)[None]
    apart = accuracy(correct, design_of(np.arange(300)))
    shared = accuracy(correct, design_of(np.repeat(np.arange(30), 10)))
    assert shared.upper - shared.lower > 2.5 * (apart.upper - apart.lower)


def test_seeds_that_disagree_widen_the_interval() -> None:
    alike = np.stack([np.roll(np.arange(200) % 2, k) for k in range(3)]).astype(bool)
    unlike = np.stack([np.arange(200) < right for right in (60, 100, 140)])
    design = design_of(np.arange(200))
    narrow, wide = accuracy(alike, design), accuracy(unlike, design)
    assert narrow.value == wide.value == 0.5
    assert wide.upper - wide.lower > 2 * (narrow.upper - narrow.lower)


@pytest.mark.parametrize(
    ("ability", "effect", "seeds", "clusters"),
    [(1.0, 0.0, 1, 200), (1.0, 0.3, 3, 200), (2.5, 0.2, 3, 200), (1.0, 0.2, 3, 25)],
)
def test_the_truth_is_covered_in_about_95_percent(
    ability: float, effect: float, seeds: int, clusters: int
) -> None:
    rng, items, trials, cluster_sd = np.random.default_rng(12), 200, 400, 0.5
    truth = norm.cdf(ability / np.sqrt(1.5**2 + 1 + effect**2 + cluster_sd**2))
    membership = np.arange(items) % clusters
    design = design_of(membership)
    covered = 0
    for _ in range(trials):
        shared = rng.normal(0, cluster_sd, clusters)[membership]
        difficulty = ability + rng.normal(0, 1.5, items) + shared
        seed_effects = rng.normal(0, effect, (seeds, 1))
        correct = difficulty + seed_effects + rng.normal(0, 1, (seeds, items)) > 0
        interval = accuracy(correct, design)
        covered += interval.lower <= truth <= interval.upper
    assert covered / trials >= 0.95 - 3 * (0.95 * 0.05 / trials) ** 0.5
