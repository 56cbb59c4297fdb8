"""The statistics on simulated runs whose truth is known; the long version is `cascod simulate`."""

from __future__ import annotations

import numpy as np
import pytest

from reports.comparing.simulation import EFFECT, SCENARIOS, Rates, Scenario, draw, items_of, rates

REPLICATES = 150
# How far a simulated share of 0.06 may lie above it by chance, in 99.5% of all cases.
SLACK = 2.58 * (0.06 * 0.94 / REPLICATES) ** 0.5

_FOUND: dict[str, Rates] = {}


def simulated(scenario: Scenario) -> Rates:
    """The scenario's rates, simulated once for all tests."""
    if scenario.name not in _FOUND:
        stream = np.random.SeedSequence(1, spawn_key=(SCENARIOS.index(scenario),))
        _FOUND[scenario.name] = rates(scenario, REPLICATES, np.random.default_rng(stream))
    return _FOUND[scenario.name]


REQUIRED = [scenario for scenario in SCENARIOS if not scenario.stress]


@pytest.mark.parametrize("scenario", REQUIRED, ids=lambda scenario: scenario.name)
def test_errors_stay_within_what_is_promised(scenario: Scenario) -> None:
    found = simulated(scenario)
    assert found.size <= 0.06 + SLACK
    assert found.coverage >= 0.93 - SLACK
    if found.gate_passes is not None:
        assert found.gate_passes <= 0.06 + SLACK


@pytest.mark.parametrize("name", ["one task, 5 seeds", "25 clusters, 5 seeds"])
def test_a_real_difference_is_found_more_often_than_a_false_one(name: str) -> None:
    found = simulated(next(s for s in SCENARIOS if s.name == name))
    assert found.power > 3 * found.size


@pytest.mark.parametrize("name", ["one task, 3 seeds", "10 unequal clusters, 3 seeds"])
def test_naive_tests_err_far_more_often_in_the_same_runs(name: str) -> None:
    found = simulated(next(s for s in SCENARIOS if s.name == name))
    for share in found.naive.values():
        assert share > 0.10


def test_simulated_methods_differ_by_exactly_the_effect() -> None:
    scenario = next(s for s in SCENARIOS if s.name == "25 clusters, 5 seeds")
    cluster = np.unique(items_of(scenario).cluster, return_inverse=True)[1]
    rng = np.random.default_rng(0)
    differences = []
    for _ in range(600):
        a, b = draw(scenario, EFFECT, cluster, rng)
        differences.append(a.mean() - b.mean())
    error = np.std(differences) / len(differences) ** 0.5
    assert np.mean(differences) == pytest.approx(EFFECT, abs=3 * error)


def test_a_gap_scenario_has_items_of_both_roles() -> None:
    scenario = next(s for s in SCENARIOS if "gap" in s.name)
    assert set(items_of(scenario).role) == {"ind", "ood"}
