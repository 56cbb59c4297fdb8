"""Levels of repeated looks against published boundaries."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from reports.statistics.spending import crossing_probability, nominal_levels, spent

FIVE = [0.2, 0.4, 0.6, 0.8, 1.0]


def critical(information: list[float], level: float) -> list[float]:
    levels = nominal_levels(information, [spent(each, level) for each in information])
    return [float(-ndtri(each)) for each in levels]


def test_five_looks_by_lan_and_demets() -> None:
    """O'Brien-Fleming spending, two-sided 0.05: Reboussin, DeMets, Kim and Lan (2000), Table 1."""
    assert critical(FIVE, 0.025) == pytest.approx(
        [4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4
    )


def test_two_looks_by_lan_and_demets() -> None:
    assert critical([0.5, 1.0], 0.025) == pytest.approx([2.9626, 1.9686], abs=2e-4)


@pytest.mark.parametrize(
    ("looks", "constant"), [(2, 1.977), (3, 2.004), (4, 2.024), (5, 2.040), (10, 2.087)]
)
def test_classical_o_brien_fleming_boundaries(looks: int, constant: float) -> None:
    """C_B(K, 0.05) of Jennison and Turnbull (2000), Table 2.3: two-sided, so 0.025 a side."""
    times = [k / looks for k in range(1, looks + 1)]
    boundary = [constant / time**0.5 for time in times]
    assert crossing_probability(times, boundary) == pytest.approx(0.025, abs=1e-4)


@pytest.mark.parametrize(("looks", "constant"), [(2, 2.178), (5, 2.413), (10, 2.555)])
def test_pocock_boundaries(looks: int, constant: float) -> None:
    """C_P(K, 0.05) of Jennison and Turnbull (2000), Table 2.1.

    Two-sided: a side alone errs a little more than half, by paths that would cross both.
    """
    times = [k / looks for k in range(1, looks + 1)]
    assert crossing_probability(times, [constant] * looks) == pytest.approx(0.025, abs=2e-4)


def test_one_look_is_the_plain_test() -> None:
    assert nominal_levels([7.0], [spent(1.0, 0.05)]) == pytest.approx([0.05])


def test_unequal_steps_err_together_as_often_as_they_may() -> None:
    times = [0.1, 0.15, 0.7, 1.0]
    crossing = crossing_probability(times, critical(times, 0.05))
    assert crossing == pytest.approx(0.05, abs=1e-7)


def test_a_walk_of_normal_steps_crosses_as_often_as_computed() -> None:
    rng = np.random.default_rng(0)
    bounds = critical(FIVE, 0.05)
    walks = rng.standard_normal((200_000, 5)).cumsum(axis=1) / np.arange(1, 6) ** 0.5
    assert (walks > bounds).any(axis=1).mean() == pytest.approx(0.05, abs=0.002)


@pytest.mark.parametrize("information", [[0.5, 0.5], [1.0, 0.5], [0.0, 1.0]])
def test_information_that_does_not_rise_is_refused(information: list[float]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        nominal_levels(information, [0.01, 0.05])
