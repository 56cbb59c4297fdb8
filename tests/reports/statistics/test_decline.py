"""The line through a row of checkpoints."""

from __future__ import annotations

import numpy as np
import pytest

from reports.statistics.contrast import compare
from reports.statistics.decline import fitted_change, luck_of, p_of_decline, stretches
from reports.statistics.item_design import ItemDesign, item_design

RNG = np.random.default_rng(0)


def design(items: int, clusters: int | None = None) -> ItemDesign:
    names = [str(i % (clusters or items)) for i in range(items)]
    return item_design(["t"] * items, names, {"t": 1.0})


def row(means: list[float], items: int = 2000) -> list[np.ndarray]:
    return [RNG.random((1, items)) < mean for mean in means]


def test_the_change_is_that_of_the_least_squares_line() -> None:
    scores = row([0.6, 0.5, 0.55, 0.4, 0.45, 0.3])
    slope = np.polyfit(range(6), [score.mean() for score in scores], 1)[0]
    assert fitted_change(scores, design(2000)).value == pytest.approx(5 * slope)


def test_a_line_through_two_is_their_difference() -> None:
    first, second = row([0.6, 0.5])
    line = fitted_change([first, second], design(2000))
    difference = compare(second, first, design(2000))
    assert line.value == pytest.approx(difference.value)
    assert line.standard_error == pytest.approx(difference.standard_error)
    with pytest.raises(ValueError, match="two checkpoints"):
        fitted_change([first], design(2000))


def test_p_is_of_a_decline_alone() -> None:
    down, up = row([0.6, 0.58, 0.56, 0.54, 0.52, 0.5]), row([0.5, 0.52, 0.54, 0.56, 0.58, 0.6])
    assert p_of_decline(fitted_change(down, design(2000)), 6, None) < 1e-6
    assert p_of_decline(fitted_change(up, design(2000)), 6, None) > 0.99


def test_no_variance_no_decline() -> None:
    one_cluster = design(50, clusters=1)
    scores = row([0.9, 0.8, 0.7, 0.6, 0.5, 0.4], items=50)
    assert luck_of(scores, one_cluster) is None
    assert p_of_decline(fitted_change(scores, one_cluster), 6, None) == 1.0


def test_scatter_beyond_what_items_explain_is_luck_and_is_counted() -> None:
    lucky = [0.62, 0.5, 0.6, 0.46, 0.58, 0.44, 0.56, 0.42]
    scores = row(lucky)
    luck = luck_of(scores, design(2000))
    assert luck is not None
    assert luck.shown
    change = fitted_change(scores, design(2000))
    assert p_of_decline(change, 8, luck) > 0.01 > p_of_decline(change, 8, None)


def test_luck_is_shown_about_as_often_as_its_level_where_there_is_none() -> None:
    shown = []
    for _ in range(200):
        luck = luck_of(row([0.6] * 8, items=400), design(400))
        shown.append(luck is not None and luck.shown)
    assert np.mean(shown) == pytest.approx(2.5 / 8, abs=0.1)


def test_stretches_halve() -> None:
    assert [stretches(n) for n in (5, 6, 11, 24)] == [[], [6], [11, 6], [24, 12, 6]]
    assert len(stretches(365)) == 7
