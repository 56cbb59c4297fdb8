"""Linear combinations of several systems: known values, scaling, and size under simulation."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from reports.statistics.contrast import combine, compare, score
from reports.statistics.item_design import ItemDesign, item_design

ITEMS = 120


def design(items: int = ITEMS) -> ItemDesign:
    labels = [f"t{i % 3}" for i in range(items)]
    return item_design(labels, [str(i) for i in range(items)], {f"t{t}": 1 / 3 for t in range(3)})


def outcomes(rng: np.random.Generator, *shares: float, seeds: int = 3) -> list[np.ndarray]:
    return [rng.random((seeds, ITEMS)) < share for share in shares]


@pytest.mark.parametrize("seeds", [1, 3])
def test_plus_and_minus_one_is_the_paired_contrast(seeds: int) -> None:
    a, b = outcomes(np.random.default_rng(1), 0.6, 0.5, seeds=seeds)
    assert combine([(1, a), (-1, b)], design()) == compare(a, b, design())
    assert combine([(1, a)], design()) == score(a, design())


def test_a_factorial_effect_has_the_value_worked_by_hand() -> None:
    shares = [0.8, 0.6, 0.5, 0.5]
    systems = [np.arange(ITEMS)[None] % 10 < 10 * share for share in shares]
    main = combine(list(zip([0.5, -0.5, 0.5, -0.5], systems, strict=True)), design())
    interaction = combine(list(zip([1, -1, -1, 1], systems, strict=True)), design())
    assert main.value == pytest.approx(0.1)
    assert interaction.value == pytest.approx(0.2)
    assert main.claim == interaction.claim == "checkpoint"


def test_the_variance_of_independent_systems_is_that_of_their_weighted_sum() -> None:
    # Items all alike and of one seed effect each: what is left is c_s^2 times the seed variance.
    own = design()
    rng = np.random.default_rng(2)
    a, b, c = (np.tile(rng.random((4, 1)), (1, ITEMS)) for _ in range(3))
    found = combine([(1, a), (-0.5, b), (-0.5, c)], own)
    parts = [
        weight**2 * side[:, 0].var(ddof=1) / 4 for weight, side in ((1, a), (0.5, b), (0.5, c))
    ]
    floor = 1 / ITEMS**2
    assert found.standard_error == pytest.approx((sum(parts) + floor) ** 0.5, rel=1e-3)
    assert found.df == pytest.approx(sum(parts) ** 2 / sum(p**2 / 3 for p in parts), rel=0.01)


@pytest.mark.parametrize("factor", [0.25, 3.0])
@pytest.mark.parametrize("seeds", [1, 3])
def test_scaling_all_coefficients_scales_the_estimate_alone(factor: float, seeds: int) -> None:
    systems = outcomes(np.random.default_rng(3), 0.7, 0.6, 0.5, 0.5, seeds=seeds)
    coefficients = np.array([1.0, -1.0, -1.0, 1.0])
    plain = asdict(combine(list(zip(coefficients, systems, strict=True)), design()))
    scaled = asdict(combine(list(zip(factor * coefficients, systems, strict=True)), design()))
    for name in ("value", "lower", "upper", "standard_error", "detectable"):
        assert scaled[name] == pytest.approx(factor * plain[name])
    for name in ("p", "df"):
        assert scaled[name] == pytest.approx(plain[name])


def test_the_interval_ends_where_no_outcomes_can_lead() -> None:
    right, wrong = np.ones((1, 3), bool), np.zeros((1, 3), bool)
    few = item_design(["t"] * 3, ["one"] * 3, {"t": 1.0})
    difference_of_differences = combine([(1, right), (-1, wrong), (-1, wrong), (1, right)], few)
    assert (difference_of_differences.lower, difference_of_differences.upper) == (-2, 2)
    assert difference_of_differences.value == 2
    half = combine([(0.5, right), (0.5, right), (-1, wrong)], few)
    assert (half.value, half.lower, half.upper) == (1, -1, 1)


def test_one_system_with_one_seed_makes_it_a_claim_about_checkpoints() -> None:
    rng = np.random.default_rng(4)
    a, b = outcomes(rng, 0.6, 0.5)
    (single,) = outcomes(rng, 0.5, seeds=1)
    assert combine([(1, a), (-1, b)], design()).claim == "method"
    assert combine([(1, a), (-0.5, b), (-0.5, single)], design()).claim == "checkpoint"
    assert combine([(1, a), (-1, b), (0, single)], design()).claim == "method"
    with pytest.raises(ValueError, match="zero"):
        combine([(0, a)], design())


def test_four_equal_systems_show_an_interaction_in_at_most_five_percent() -> None:
    rng, trials, found = np.random.default_rng(5), 300, 0
    for _ in range(trials):
        difficulty = rng.normal(0, 1.5, ITEMS)
        systems = [
            difficulty + rng.normal(0, 0.3, (3, 1)) + rng.normal(0, 1, (3, ITEMS)) > 0
            for _ in range(4)
        ]
        found += combine(list(zip([1, -1, -1, 1], systems, strict=True)), design()).p < 0.05
    assert found / trials <= 0.05 + 2 * (0.05 * 0.95 / trials) ** 0.5
