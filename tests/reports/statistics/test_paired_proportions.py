"""Two checkpoints on independent items: published values, direct computations and edge cases."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from reports.statistics.bayesian import paired_belief
from reports.statistics.paired_proportions import (
    PairedTable,
    mcnemar_mid_p,
    tango_interval,
    tango_statistic,
)

# Bentur et al. 2009, airway hyper-responsiveness before and after transplantation in 21 children,
# as analysed by Fagerland, Lydersen and Laake (2013; 2014, Statistics in Medicine 33).
AIRWAYS = PairedTable(both=1, first=1, second=7, neither=12)


def test_the_published_mid_p_value() -> None:
    assert mcnemar_mid_p(AIRWAYS) == pytest.approx(0.0391, abs=5e-5)


def test_the_published_tango_interval() -> None:
    assert tango_interval(AIRWAYS) == pytest.approx((-0.517, -0.026), abs=5e-4)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 7), (4, 5), (5, 5), (12, 3), (30, 31)])
def test_mid_p_is_the_exact_tail_with_the_observed_table_counted_half(first, second) -> None:
    n, fewer = first + second, min(first, second)
    tail = sum(comb(n, k) for k in range(fewer)) + comb(n, fewer) / 2
    table = PairedTable(10, first, second, 10)
    assert mcnemar_mid_p(table) == pytest.approx(min(1.0, 2 * tail / 2**n), rel=1e-12)


@pytest.mark.parametrize("table", [AIRWAYS, PairedTable(40, 9, 4, 7), PairedTable(5, 0, 3, 2)])
@pytest.mark.parametrize("delta", [-0.4, -0.05, 0.1, 0.3])
def test_the_score_statistic_uses_the_restricted_maximum_of_the_likelihood(table, delta) -> None:
    b, c, rest = table.first, table.second, table.both + table.neither

    def negative_likelihood(q: float) -> float:
        chances = np.array([q + delta, q, 1 - 2 * q - delta])
        counts = np.array([b, c, rest])
        return -float((counts * np.log(np.maximum(chances, 1e-300)))[counts > 0].sum())

    least, most = max(0.0, -delta), (1 - delta) / 2
    best = minimize_scalar(
        negative_likelihood, bounds=(least, most), method="bounded", options={"xatol": 1e-12}
    ).x
    n = table.items
    statistic = (b - c - n * delta) / (n * (2 * best + delta * (1 - delta))) ** 0.5
    assert tango_statistic(table, delta) == pytest.approx(statistic, rel=1e-4)


def test_swapping_the_checkpoints_mirrors_the_answer() -> None:
    mirrored = PairedTable(AIRWAYS.both, AIRWAYS.second, AIRWAYS.first, AIRWAYS.neither)
    lower, upper = tango_interval(AIRWAYS)
    assert tango_interval(mirrored) == pytest.approx((-upper, -lower))
    assert mcnemar_mid_p(mirrored) == mcnemar_mid_p(AIRWAYS)


@pytest.mark.parametrize(
    "table",
    [
        PairedTable(50, 0, 0, 50),
        PairedTable(50, 0, 0, 0),
        PairedTable(0, 0, 0, 50),
        PairedTable(1, 0, 0, 0),
        PairedTable(0, 1, 0, 0),
        PairedTable(0, 20, 0, 0),
        PairedTable(0, 0, 20, 0),
    ],
)
def test_extreme_tables_give_finite_answers_that_are_not_certain(table: PairedTable) -> None:
    lower, upper = tango_interval(table)
    assert -1 <= lower <= table.difference <= upper <= 1
    assert upper - lower > 0.05
    assert 0 < mcnemar_mid_p(table) <= 1


def test_without_items_there_is_no_difference() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        _ = PairedTable(0, 0, 0, 0).difference


def test_the_interval_covers_the_true_difference_in_small_samples() -> None:
    rng = np.random.default_rng(1)
    chances, trials, covered = [0.5, 0.25, 0.15, 0.1], 400, 0
    for _ in range(trials):
        lower, upper = tango_interval(PairedTable(*rng.multinomial(25, chances).tolist()))
        covered += lower <= 0.1 <= upper
    assert 0.92 <= covered / trials <= 0.985


def test_belief_follows_the_data_and_its_chances_add_up() -> None:
    rng = np.random.default_rng(0)
    clear = paired_belief(PairedTable(50, 30, 2, 18), 0.02, rng)
    assert clear.better > 0.99
    assert clear.worse + clear.equal + clear.better == pytest.approx(1)
    assert clear.lower < clear.mean < clear.upper
    assert clear.mean == pytest.approx(28 / 102)
    even = paired_belief(PairedTable(5, 1, 1, 3), 0.0, rng)
    assert even.better == pytest.approx(0.5, abs=0.01)


def test_belief_without_data_is_the_prior() -> None:
    belief = paired_belief(PairedTable(0, 0, 0, 0), 0.0, np.random.default_rng(0))
    assert belief.mean == 0
    assert belief.upper - belief.lower > 1
