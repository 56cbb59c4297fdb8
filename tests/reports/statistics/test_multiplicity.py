"""Adjusted p values against statsmodels, and the sign-flip test against full enumeration."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from reports.statistics.item_design import item_design
from reports.statistics.multiplicity import benjamini_hochberg, holm
from reports.statistics.sign_flip import sign_flip_p


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_adjustments_equal_those_of_statsmodels(count: int) -> None:
    p = np.random.default_rng(count).beta(0.5, 2, count)
    assert holm(p.tolist()) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)
    expected = multipletests(p, method="fdr_bh")[1]
    assert benjamini_hochberg(p.tolist()) == pytest.approx(expected, abs=1e-12)


def test_ties_and_empty_families() -> None:
    assert holm([0.03, 0.03]) == [0.06, 0.06]
    assert holm([]) == benjamini_hochberg([]) == []


def test_sign_flips_of_few_clusters_approach_the_full_enumeration() -> None:
    rng = np.random.default_rng(3)
    clusters = np.repeat(np.arange(8), [5, 3, 3, 2, 2, 1, 1, 1])
    values = rng.choice([-1.0, 0.0, 1.0], len(clusters), p=[0.1, 0.4, 0.5])
    design = item_design(["t"] * len(clusters), [str(c) for c in clusters], {"t": 1.0})
    totals = np.bincount(clusters, values)
    sums = np.abs(np.array(list(product([-1, 1], repeat=8))) @ totals)
    exact = float((sums >= abs(totals.sum())).mean())
    assert sign_flip_p(values, design, rng, 20_000) == pytest.approx(exact, abs=0.012)


def test_a_permutation_p_value_is_never_zero_and_nothing_differs_gives_one() -> None:
    design = item_design(["t"] * 60, [str(i) for i in range(60)], {"t": 1.0})
    rng = np.random.default_rng(0)
    assert sign_flip_p(np.ones(60), design, rng, 999) == pytest.approx(1 / 1000)
    assert sign_flip_p(np.zeros(60), design, rng, 999) == 1.0
