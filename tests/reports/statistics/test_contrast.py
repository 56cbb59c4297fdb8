"""The paired contrast: known values, its size under simulation, and its edge cases."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.contrast import (
    compare,
    residual_variance,
    same_responses,
    score,
    seed_variance,
    two_way_variance,
)
from reports.statistics.item_design import ItemDesign, item_design

TRIALS = 400


def plain_design(items: int, clusters: np.ndarray | None = None, tasks: int = 1) -> ItemDesign:
    own = np.arange(items) if clusters is None else clusters
    labels = [f"t{i % tasks}" for i in range(items)]
    return item_design(labels, [str(c) for c in own], {f"t{t}": 1 / tasks for t in range(tasks)})


def runs(
    rng: np.random.Generator, difficulty: np.ndarray, seeds: int, seed_effect: float
) -> np.ndarray:
    """Outcomes (seeds, items): item difficulty, an effect of the seed, noise of each answer."""
    effect = rng.normal(0, seed_effect, (seeds, 1)) if seed_effect else 0.0
    return difficulty + effect + rng.normal(0, 1, (seeds, len(difficulty))) > 0


def rejections(
    rng: np.random.Generator,
    design: ItemDesign,
    seeds: int,
    effect: float,
    *,
    spread: float = 0.0,
    trials: int = TRIALS,
) -> float:
    """How often two equal systems are found different; `spread`: of effects on whole clusters."""
    found = 0
    for _ in range(trials):
        difficulty = rng.normal(0, 1.5, design.items)
        sides = [
            runs(
                rng,
                difficulty + rng.normal(0, spread, design.clusters)[design.cluster],
                seeds,
                effect,
            )
            for _ in range(2)
        ]
        found += compare(*sides, design).p < 0.05
    return found / trials


@pytest.mark.parametrize(("seeds", "effect"), [(3, 0.0), (3, 0.2), (5, 0.4)])
def test_equal_methods_are_found_different_in_at_most_five_percent(
    seeds: int, effect: float
) -> None:
    rate = rejections(np.random.default_rng(4), plain_design(300, tasks=6), seeds, effect)
    assert rate <= 0.05 + 2 * (0.05 * 0.95 / TRIALS) ** 0.5


def test_pooling_seeds_as_items_would_find_far_too_many() -> None:
    rng, found = np.random.default_rng(5), 0
    pooled_design = plain_design(900)
    for _ in range(100):
        difficulty = rng.normal(0, 1.5, 300)
        a, b = (runs(rng, difficulty, 3, 0.4).reshape(1, -1) for _ in range(2))
        found += compare(a, b, pooled_design).p < 0.05
    assert found / 100 > 0.2


def test_ten_very_unequal_clusters_nearly_keep_the_size() -> None:
    clusters = np.repeat(np.arange(10), [60, 40, 30, 20, 15, 10, 10, 5, 5, 5])
    design, rng = plain_design(200, clusters), np.random.default_rng(6)
    rate = rejections(rng, design, 5, 0.1, spread=0.7, trials=1000)
    # Measured with 2,500 trials: 6.6%; with ten nearly equal clusters 5.2%.
    assert 0.03 <= rate <= 0.09


def test_a_real_difference_is_found_with_its_sign() -> None:
    rng = np.random.default_rng(7)
    difficulty = rng.normal(0, 1.5, 400)
    contrast = compare(
        runs(rng, difficulty + 0.8, 3, 0.05), runs(rng, difficulty, 3, 0.05), plain_design(400)
    )
    assert contrast.lower > 0
    assert contrast.p < 0.01
    assert contrast.claim == "method"


def test_one_run_a_side_is_the_paired_t_test_and_a_checkpoint_claim() -> None:
    from scipy.stats import ttest_rel

    rng = np.random.default_rng(8)
    a, b = rng.random((1, 60)) < 0.6, rng.random((1, 60)) < 0.5
    contrast = compare(a, b, plain_design(60))
    expected = ttest_rel(a[0].astype(float), b[0].astype(float))
    assert contrast.claim == "checkpoint"
    assert contrast.p == pytest.approx(expected.pvalue)
    low, high = expected.confidence_interval()
    assert (contrast.lower, contrast.upper) == pytest.approx((low, high))


def test_one_seed_on_either_side_refuses_the_method_claim() -> None:
    rng = np.random.default_rng(9)
    one, three = rng.random((1, 50)) < 0.5, rng.random((3, 50)) < 0.5
    assert compare(one, three, plain_design(50)).claim == "checkpoint"
    assert compare(three, one, plain_design(50)).claim == "checkpoint"


def test_seed_and_residual_variance_on_figures_worked_by_hand() -> None:
    correct = np.array([[1, 1, 0, 0], [1, 0, 1, 1]], dtype=bool)
    design = plain_design(4)
    # Scores 0.5 and 0.75: variance 0.03125, over two seeds.
    assert seed_variance(correct, design) == pytest.approx(0.03125 / 2)
    # Residuals of seed 0: 0.125, 0.625, -0.375, -0.375, of seed 1 their opposites; sum of squares
    # 1.375, over (K-1)(n-1)nK = 24.
    assert residual_variance(correct, design) == pytest.approx(1.375 / 24)


def test_total_variance_never_falls_below_its_larger_part() -> None:
    rng = np.random.default_rng(10)
    for _ in range(50):
        correct = rng.random((3, 30)) < 0.5
        variance = two_way_variance([(1.0, correct)], plain_design(30))[1]
        assert variance.total >= max(variance.item, variance.seeds)


def test_identical_responses_are_a_result() -> None:
    responses = np.arange(12).reshape(2, 6)
    assert same_responses(responses, responses.copy())
    assert not same_responses(responses, responses[:1])
    correct = np.ones((2, 6), dtype=bool)
    contrast = compare(correct, correct, plain_design(6), identical=True)
    assert contrast.identical
    assert (contrast.value, contrast.p) == (0.0, 1.0)


@pytest.mark.parametrize("right", [True, False])
def test_two_systems_without_any_spread_still_leave_doubt(right: bool) -> None:
    correct = np.full((2, 40), right)
    contrast = compare(correct, correct, plain_design(40))
    assert contrast.value == 0
    assert contrast.lower < -1 / 40 < 1 / 40 < contrast.upper
    assert contrast.p == 1


@pytest.mark.parametrize(("items", "clusters"), [(1, 1), (5, 1)])
def test_a_single_item_or_cluster_covers_everything_possible(items: int, clusters: int) -> None:
    design = plain_design(items, np.zeros(items, dtype=int))
    contrast = compare(np.ones((2, items), bool), np.zeros((2, items), bool), design)
    assert (contrast.value, contrast.lower, contrast.upper, contrast.p) == (1, -1, 1, 1)
    assert contrast.standard_error is None
    assert contrast.clusters == clusters


def test_the_gap_is_a_contrast_with_negative_weights() -> None:
    tasks = ["ind"] * 40 + ["ood"] * 40
    design = item_design(tasks, [str(i) for i in range(80)], {"ind": 1.0, "ood": -1.0})
    correct = np.concatenate([np.arange(40) % 4 > 0, np.arange(40) % 2 > 0])[None]
    gap = score(correct, design)
    assert gap.value == pytest.approx(0.25)
    assert -2 <= gap.lower < 0.25 < gap.upper <= 2


def test_the_detectable_difference_is_found_four_times_in_five() -> None:
    rng = np.random.default_rng(11)
    design, found, detectable = plain_design(400), 0, 0.0
    for _ in range(TRIALS):
        # A tenth of the items discordant, 0.7 of them in favour of a: a true difference of 0.04.
        discordant = rng.random((1, 400)) < 0.1
        favours_a = rng.random((1, 400)) < 0.7
        both = rng.random((1, 400)) < 0.5
        a = np.where(discordant, favours_a, both)
        contrast = compare(a, np.where(discordant, ~favours_a, both), design)
        found += contrast.p < 0.05
        detectable += (contrast.detectable or 0.0) / TRIALS
    assert detectable == pytest.approx(0.043, abs=0.002)
    assert found / TRIALS == pytest.approx(0.72, abs=0.08)


def test_a_measure_in_its_own_units_has_the_same_p_value() -> None:
    right = np.random.default_rng(1).random((2, 3, 40)) < 0.5
    found = compare(right[0], right[1], plain_design(40))
    scaled = found.scaled(20.0)
    for name in ("value", "lower", "upper", "standard_error", "detectable"):
        assert getattr(scaled, name) == pytest.approx(20 * getattr(found, name))
    assert (scaled.p, scaled.df, scaled.items) == (found.p, found.df, found.items)
