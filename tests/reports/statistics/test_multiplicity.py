"""Adjusted p values against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from reports.statistics.multiplicity import benjamini_hochberg, holm


@pytest.mark.parametrize("count", [1, 2, 7, 40])
def test_adjustments_equal_those_of_statsmodels(count: int) -> None:
    p = np.random.default_rng(count).beta(0.5, 2, count)
    assert holm(p.tolist()) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)
    expected = multipletests(p, method="fdr_bh")[1]
    assert benjamini_hochberg(p.tolist()) == pytest.approx(expected, abs=1e-12)


def test_ties_and_empty_families() -> None:
    assert holm([0.03, 0.03]) == [0.06, 0.06]
    assert holm([]) == benjamini_hochberg([]) == []
