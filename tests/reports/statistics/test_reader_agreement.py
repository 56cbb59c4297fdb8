"""Krippendorff's alpha on nominal values, against published ones and where it is not defined."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.reader_agreement import agreement

pytest.importorskip("krippendorff", reason="the extra `review` is not installed")

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve
# units, values 1 to 5, None where one did not judge. The unit that one alone judged is left out.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1),
)


def counts(*observers: tuple[int | None, ...]) -> np.ndarray:
    values = range(1, 6)
    return np.array(
        [[unit.count(value) for value in values] for unit in zip(*observers, strict=True)]
    )


def test_the_published_value() -> None:
    found = agreement(counts(*OBSERVERS), np.random.default_rng(0))
    assert found.alpha == pytest.approx(0.743, abs=5e-4)
    assert found.items == 11
    assert found.unanimous == pytest.approx(8 / 11)
    assert found.interval
    assert found.interval[0] < found.alpha < found.interval[1]


def test_perfect_agreement_on_several_values_is_one() -> None:
    found = agreement(np.array([[2, 0], [0, 2]] * 5), np.random.default_rng(0))
    assert (found.alpha, found.unanimous, found.interval) == (1, 1, (1, 1))


def test_where_one_value_alone_was_said_chance_agrees_on_it_as_well() -> None:
    found = agreement(np.array([[2, 0], [3, 0]] * 5), np.random.default_rng(0))
    assert (found.alpha, found.unanimous, found.interval) == (None, 1, None)


def test_four_items_have_no_interval() -> None:
    found = agreement(np.array([[2, 0], [0, 2], [1, 1], [2, 0]]), np.random.default_rng(0))
    assert found.alpha is not None
    assert found.interval is None


def test_the_interval_narrows_with_the_items() -> None:
    some = np.array([[2, 0], [0, 2], [1, 1], [2, 0], [0, 2]])
    few, many = (
        agreement(np.tile(some, (times, 1)), np.random.default_rng(0)).interval for times in (2, 20)
    )
    assert few
    assert many
    assert many[1] - many[0] < (few[1] - few[0]) / 2
