"""The split of a difference into reasoning and reading."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.item_design import ItemDesign, item_design
from reports.statistics.readable import ReadOutcomes, split_by_reading


def design(items: int) -> ItemDesign:
    return item_design(["t"] * items, [str(i) for i in range(items)], {"t": 1.0})


def test_a_baseline_that_is_never_read_leaves_nothing_to_compare() -> None:
    right = np.array([[True, True, False, False]])
    mute = ReadOutcomes(np.zeros((1, 4), dtype=bool), np.zeros((1, 4), dtype=bool))
    split = split_by_reading(ReadOutcomes(right, np.ones((1, 4), dtype=bool)), mute, design(4))
    assert split == (0.0, 0.5, 0.0, 1.0)


def test_where_everything_is_read_all_of_it_is_reasoning() -> None:
    read = np.ones((1, 4), dtype=bool)
    better = ReadOutcomes(np.array([[True, True, True, False]]), read)
    worse = ReadOutcomes(np.array([[True, False, False, False]]), read)
    assert split_by_reading(better, worse, design(4)) == (0.5, 0.0, 0.0, 0.0)


def test_it_is_the_mean_over_all_pairs_of_seeds() -> None:
    rng = np.random.default_rng(0)
    sides = []
    for seeds in (2, 3):
        read = rng.random((seeds, 50)) < 0.7
        sides.append(ReadOutcomes(read & (rng.random((seeds, 50)) < 0.5), read))
    a, b = sides
    slow = np.mean(
        [
            (a.read[k] & b.read[m]) * (a.correct[k].astype(int) - b.correct[m])
            for k in range(2)
            for m in range(3)
        ]
    )
    split = split_by_reading(a, b, design(50))
    assert split.both_read == pytest.approx(slow)
    assert split.both_read + split.one_unread == pytest.approx(a.correct.mean() - b.correct.mean())
