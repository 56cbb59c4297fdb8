"""Rankings of simulated systems; the long version is `cascod simulate`."""

from __future__ import annotations

import numpy as np
import pytest

from reports.ranking.simulation import (
    RANK_SCENARIOS,
    STEP,
    SYSTEMS,
    RankScenario,
    draw_systems,
    rank_rates,
)

REPLICATES = 100
# How far a simulated share of 0.06 may lie above it by chance, in 99.5% of all cases.
SLACK = 2.58 * (0.06 * 0.94 / REPLICATES) ** 0.5


@pytest.mark.parametrize("scenario", RANK_SCENARIOS, ids=lambda scenario: scenario.name)
def test_equal_systems_are_seldom_told_apart(scenario: RankScenario) -> None:
    stream = np.random.SeedSequence(2, spawn_key=(RANK_SCENARIOS.index(scenario),))
    found = rank_rates(scenario, REPLICATES, np.random.default_rng(stream))
    assert found.family <= 0.06 + SLACK
    assert found.coverage >= 0.93 - SLACK
    assert found.wrong <= 0.06
    assert found.unadjusted > 0.2


def test_simulated_systems_differ_by_what_is_said() -> None:
    cluster = np.repeat(np.arange(25), 12)
    effects = [STEP * system for system in range(SYSTEMS)]
    rng = np.random.default_rng(0)
    means = np.mean(
        [
            [each.mean() for each in draw_systems(RANK_SCENARIOS[0], effects, cluster, rng)]
            for _ in range(300)
        ],
        axis=0,
    )
    assert means - means[0] == pytest.approx(np.array(effects), abs=0.015)
