"""All pairs of systems at once: the same contrasts as one by one, and answers for all together."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.contrast import compare
from reports.statistics.groups import letters, rank_bounds
from reports.statistics.item_design import (
    ItemDesign,
    item_covariance,
    item_design,
    item_variance,
)
from reports.statistics.multiplicity import holm
from reports.statistics.scale import Correct, scale_of
from reports.statistics.simultaneous import all_pairs

SYSTEMS = 5


def design(clusters: int, items: int = 120) -> ItemDesign:
    tasks = ["t" if i % 3 else "u" for i in range(items)]
    return item_design(tasks, [str(i % clusters) for i in range(items)], {"t": 0.6, "u": 0.4})


def drawn(seeds: int, *, graded: bool, items: int = 120) -> list[Correct]:
    rng = np.random.default_rng(seeds)
    level = rng.normal(5, 2, items)
    grades = [level + 0.2 * s + rng.normal(0, 1, (seeds, items)) for s in range(SYSTEMS)]
    return grades if graded else [each > 5 for each in grades]


@pytest.mark.parametrize("graded", [False, True])
@pytest.mark.parametrize("clusters", [120, 12])
@pytest.mark.parametrize("seeds", [1, 3])
def test_every_pair_is_the_contrast_of_two(seeds: int, clusters: int, graded: bool) -> None:
    where, systems = design(clusters), drawn(seeds, graded=graded)
    pairs = all_pairs(systems, where, scale_of(systems), np.random.default_rng(0))
    ones = [
        compare(systems[a], systems[b], where, scale=scale_of(systems))
        for a, b in zip(pairs.first, pairs.second, strict=True)
    ]
    assert pairs.claim == ones[0].claim
    assert pairs.value == pytest.approx([one.value for one in ones], abs=1e-12)
    assert pairs.p == pytest.approx([one.p for one in ones])
    assert (pairs.lower <= [one.lower for one in ones]).all()
    assert (pairs.upper >= [one.upper for one in ones]).all()


def test_methods_are_adjusted_by_holm_and_checkpoints_by_their_joint_distribution() -> None:
    systems = drawn(3, graded=True)
    pairs = all_pairs(systems, design(12), scale_of(systems), np.random.default_rng(0))
    assert pairs.adjustment == "holm"
    assert (pairs.p_adjusted >= pairs.p).all()
    single = [each[:1] for each in systems]
    joint = all_pairs(single, design(40), scale_of(single), np.random.default_rng(0))
    assert joint.adjustment == "joint"
    few = all_pairs(single, design(12), scale_of(single), np.random.default_rng(0))
    assert few.adjustment == "holm"


def test_two_methods_are_compared_as_ever() -> None:
    systems = drawn(3, graded=True)[:2]
    pairs = all_pairs(systems, design(12), scale_of(systems), np.random.default_rng(0))
    one = compare(systems[0], systems[1], design(12), scale=scale_of(systems))
    assert pairs.p_adjusted == pytest.approx(one.p)
    assert (pairs.lower, pairs.upper) == (pytest.approx(one.lower), pytest.approx(one.upper))


def test_a_pair_whose_seeds_look_alike_by_chance_is_told_by_the_seeds_of_the_others() -> None:
    """Without them ten of the pairs would be told apart, by seeds that agree to a hair."""
    items = np.linspace(-3, 3, 120)
    shifts = [[0.0, 0.01], [0.4, 0.41], [0.0, 2.0], [-1.0, 1.5]]
    rng = np.random.default_rng(0)
    systems: list[Correct] = [
        np.stack([items + each + rng.normal(0, 0.3, 120) for each in own]) for own in shifts
    ]
    found = all_pairs(systems, design(120), scale_of(systems), np.random.default_rng(0))
    assert found.p[0] < 0.01
    assert holm(found.p.tolist())[0] < 0.05
    assert not found.differ.any()


def test_the_joint_adjustment_lies_between_none_and_bonferroni() -> None:
    systems = drawn(1, graded=True)
    pairs = all_pairs(systems, design(40), scale_of(systems), np.random.default_rng(0))
    middle = (pairs.p > 0.001) & (pairs.p < 0.05)
    assert middle.any()
    assert (pairs.p_adjusted[middle] > 1.5 * pairs.p[middle]).all()
    assert (pairs.p_adjusted[middle] < 0.9 * len(pairs.p) * pairs.p[middle]).all()
    # A pair is told apart where its interval leaves zero out.
    assert (pairs.differ == ((pairs.lower > 0) | (pairs.upper < 0))).all()


def test_two_independent_checkpoints_are_adjusted_by_nothing() -> None:
    systems = drawn(1, graded=True)[:2]
    pairs = all_pairs(systems, design(120), scale_of(systems), np.random.default_rng(0))
    assert pairs.p_adjusted == pytest.approx(pairs.p, abs=0.02)


@pytest.mark.parametrize("clusters", [120, 12])
def test_the_covariance_over_items_holds_every_variance(clusters: int) -> None:
    values = np.random.default_rng(0).normal(size=(3, 120))
    weights = np.array([0.5, -1.5, 2.0])
    covariance = item_covariance(values, design(clusters))
    whole = item_variance(weights @ values, design(clusters))
    assert weights @ covariance @ weights == pytest.approx(whole)


@pytest.mark.parametrize("case", ["one item", "one cluster", "all equal"])
def test_where_nothing_tells_a_variance_nothing_is_told_apart(case: str) -> None:
    where = {
        "one item": item_design(["t"], ["c"], {"t": 1.0}),
        "one cluster": item_design(["t"] * 9, ["c"] * 9, {"t": 1.0}),
        "all equal": item_design(["t"] * 9, list("abcdefghi"), {"t": 1.0}),
    }[case]
    level = 7.0 if case == "all equal" else np.linspace(2, 9, where.items)
    systems: list[Correct] = [np.full((2, where.items), level) for _ in range(3)]
    pairs = all_pairs(systems, where, scale_of(systems), np.random.default_rng(0))
    assert not pairs.differ.any()
    assert pairs.p_adjusted.tolist() == [1.0] * 3
    assert np.isneginf(pairs.lower).all()


def test_the_same_responses_are_no_difference() -> None:
    systems = [drawn(3, graded=False)[0]] * 2
    found = all_pairs(
        systems, design(12), scale_of(systems), np.random.default_rng(0), np.array([True])
    )
    assert (found.p_adjusted, found.lower, found.upper) == (1.0, 0.0, 0.0)


def test_letters_are_shared_by_those_that_cannot_be_told_apart_and_no_others() -> None:
    rng = np.random.default_rng(0)
    for systems in range(2, 9):
        differ = np.triu(rng.random((systems, systems)) < 0.4, 1)
        shown = letters(differ)
        for a in range(systems):
            for b in range(a + 1, systems):
                assert bool(set(shown[a]) & set(shown[b])) != differ[a, b]


@pytest.mark.parametrize(
    ("pairs", "shown"),
    [
        ([], ["a", "a", "a"]),
        ([(0, 2)], ["a", "ab", "b"]),
        ([(0, 1), (0, 2), (1, 2)], ["a", "b", "c"]),
        ([(0, 1), (0, 2)], ["a", "b", "b"]),
    ],
)
def test_the_best_system_has_the_first_letter(
    pairs: list[tuple[int, int]], shown: list[str]
) -> None:
    differ = np.zeros((3, 3), bool)
    for pair in pairs:
        differ[pair] = True
    assert letters(differ) == shown


def test_ranks_reach_as_far_as_nothing_speaks_against() -> None:
    better = np.zeros((3, 3), bool)
    better[0, 2] = True
    assert rank_bounds(better) == [(1, 2), (1, 3), (2, 3)]
