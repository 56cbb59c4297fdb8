"""Looks and histories on simulated candidates; the long version is `cascod simulate looks` and
`cascod simulate history`."""

from __future__ import annotations

import numpy as np
import pytest

from reports.gating.history_simulation import SERIES, Series, simulate_history
from reports.gating.look_simulation import LOOKINGS, Looking, look_rates

REPLICATES = 150
# How far a simulated share of 0.06 may lie above it by chance, in 99.5% of all cases.
SLACK = 2.58 * (0.06 * 0.94 / REPLICATES) ** 0.5


@pytest.mark.parametrize("looking", LOOKINGS, ids=lambda looking: looking.name)
def test_planned_looks_err_no_more_often_than_one_look(looking: Looking) -> None:
    one, unplanned, planned = look_rates(looking, REPLICATES, np.random.default_rng(3))
    assert planned.at_margin.passed <= 0.06 + SLACK
    assert planned.at_margin.failed <= 0.06 + SLACK
    assert planned.equal.passed >= one.equal.passed - 0.08
    assert planned.bad.responses < one.bad.responses
    assert unplanned.at_margin.passed > planned.at_margin.passed


def series(name: str) -> Series:
    return next(each for each in SERIES if each.name == name)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["nothing, 1,000 items", "nothing, luck of 1 point, 2,000 items, 1 seed"]
)
def test_thirty_nights_of_nothing_raise_few_alarms(name: str) -> None:
    found = simulate_history(series(name), 100, np.random.default_rng(4))
    assert found.untrue <= 0.06 + 2.58 * (0.06 * 0.94 / 100) ** 0.5


def test_a_slow_decay_is_found_in_time() -> None:
    decay = series("0.4 points a night, 3,200 items")
    found = simulate_history(decay, 60, np.random.default_rng(5))
    assert found.in_time is not None
    assert found.in_time >= 0.8
    assert found.alarm == 1.0
