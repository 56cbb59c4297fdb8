"""What shared seed variances would bring, and cost (docs/power.md)."""

from __future__ import annotations

import numpy as np
import pytest

from reports.comparing.simulation import monte_carlo_error
from reports.statistics.contrast import compare
from reports.statistics.item_design import item_design
from tools.seed_variance import ESTIMATES, ITEMS, TRUTHS, draw, moderated, p_values, rates


def test_own_variances_are_the_contrast_that_reports_use() -> None:
    design = item_design(["task"] * ITEMS, [str(i) for i in range(ITEMS)], {"task": 1.0})
    outcomes = draw(TRUTHS[0], 0.0, np.random.default_rng(0))
    expected = compare(outcomes[0], outcomes[1], design).p
    assert p_values(outcomes, design)["own"] == pytest.approx(expected)


def test_moderation_keeps_variances_between_their_own_and_a_common_one() -> None:
    variances = np.array([1e-6, 1e-4, 2e-4, 3e-4, 4e-4, 9e-2])
    drawn, df = moderated(variances)
    assert (np.diff(drawn) > 0).all()
    assert drawn[0] > variances[0]
    assert drawn[-1] < variances[-1]
    assert (df > 2).all()


def test_alike_variances_are_moderated_to_one() -> None:
    drawn, df = moderated(np.array([1.0, 1.1, 0.9, 1.05, 0.95, 1.0]))
    assert drawn == pytest.approx(drawn[0])
    assert (df > 1e5).all()


def test_shared_variances_err_where_the_compared_methods_vary_more() -> None:
    replicates = 150
    [both] = [truth for truth in TRUTHS if truth.name == "both compared vary fourfold"]
    found = {
        name: size for name, (size, _) in rates(both, replicates, np.random.default_rng(1)).items()
    }
    assert set(found) == set(ESTIMATES)
    assert found["own"] <= 0.06 + 2.58 * monte_carlo_error(0.06, replicates)
    assert min(found["pooled"], found["moderated"]) > found["own"]
    assert found["pooled"] > 0.08
