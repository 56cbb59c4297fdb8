"""Two printed accuracies: known values, and every paired table that they allow."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_ind_from_stats

from reports.statistics.paired_proportions import PairedTable, mcnemar_mid_p
from reports.statistics.printed_accuracies import (
    overlap_extremes,
    p_range,
    right_counts,
    undoing_spread,
    welch_p,
)

ITEMS = 14


@pytest.mark.parametrize("first", range(ITEMS + 1))
@pytest.mark.parametrize("second", range(0, ITEMS + 1, 3))
def test_the_range_is_that_of_all_tables_with_these_accuracies(first: int, second: int) -> None:
    every = [
        mcnemar_mid_p(PairedTable(both, first - both, second - both, ITEMS - first - second + both))
        for both in range(max(0, first + second - ITEMS), min(first, second) + 1)
    ]
    found = p_range(first / ITEMS, second / ITEMS, ITEMS, rounding=0.0)
    assert (found.smallest, found.largest) == pytest.approx((min(every), max(every)))


def test_full_overlap_leaves_the_difference_alone_discordant() -> None:
    surest, least_sure = overlap_extremes(7, 4, 10)
    assert surest == PairedTable(both=4, first=3, second=0, neither=3)
    assert least_sure == PairedTable(both=1, first=6, second=3, neither=0)
    assert p_range(0.7, 0.4, 10, rounding=0.0).smallest == pytest.approx(0.5**3)


@pytest.mark.parametrize(
    ("accuracy", "items", "counts"),
    [(0.456, 1304, (594, 595)), (0.5, 10, (5, 5)), (0.333, 10, (3, 3)), (1.0, 2000, (1999, 2000))],
)
def test_a_printed_figure_stands_for_every_count_that_rounds_to_it(
    accuracy: float, items: int, counts: tuple[int, int]
) -> None:
    assert right_counts(accuracy, items) == counts


def test_rounding_widens_the_range_and_the_order_of_two_methods_does_not_matter() -> None:
    exact, rounded = (p_range(0.62, 0.60, 5000, rounding=by) for by in (0.0, 0.0005))
    assert rounded.smallest < exact.smallest < exact.largest < rounded.largest
    assert p_range(0.60, 0.62, 5000) == rounded
    assert p_range(0.6, 0.6, 5000).largest == 1.0


def test_a_spread_as_large_as_the_undoing_one_gives_the_level_itself() -> None:
    spread = undoing_spread(0.03, (3, 3))
    drawn = np.random.default_rng(0).normal(0, spread, (2, 3, 200_000)).mean(axis=1)
    by_chance = (np.abs(drawn[0] - drawn[1]) >= 0.03).mean()
    assert by_chance == pytest.approx(0.05, abs=0.002)
    assert undoing_spread(-0.03, (1, 1)) == pytest.approx(0.03 / 1.959964 / 2**0.5)


def test_welchs_test_from_means_and_spreads() -> None:
    known = ttest_ind_from_stats(0.5, 0.01, 3, 0.47, 0.02, 4, equal_var=False)
    assert welch_p(0.03, (0.01, 0.02), (3, 4)) == pytest.approx(known.pvalue)
    with pytest.raises(ValueError, match="two runs a side"):
        welch_p(0.03, (0.01, 0.02), (1, 4))
