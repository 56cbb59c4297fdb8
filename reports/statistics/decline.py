"""Whether a row of checkpoints gets worse: the fitted change along it, as one more contrast.

The straight line through the scores of m checkpoints changes from first to last by a weighted sum
of these scores; `reports/statistics/contrast.py` gives that sum its variance, paired on items, by
cluster, and over training seeds where every checkpoint has several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.statistics.contrast import Contrast, combine
from reports.statistics.item_design import ItemDesign
from reports.statistics.scale import Correct

# A line through fewer says little more than the difference of two, and nothing of luck.
FEWEST = 6
# Where checkpoints scatter more than their items explain, that test's level, times their number.
# Of few checkpoints most excesses are missed at a common level, and a missed one raises false
# alarms; of many, a way that bends, as where a decline began lately, must not be taken for luck.
SCATTER_LEVEL = 2.5


@dataclass(frozen=True, slots=True)
class Luck:
    """How checkpoints scatter around their line, as training luck makes them.

    `variance` is that of one checkpoint's score, with `df` degrees of freedom; `shown` where it is
    more than the variance over items and training seeds explains.
    """

    variance: float
    df: int
    shown: bool


def fitted_change(scores: Sequence[Correct], design: ItemDesign) -> Contrast:
    """How far the least-squares line rises from the first to the last of m checkpoints.

    `scores`: of each, (seeds, n) in the order of `design`. ValueError for fewer than two.
    """
    if len(scores) < 2:
        raise ValueError("a line needs two checkpoints")
    centred = _centred(len(scores))
    coefficients = centred * (len(scores) - 1) / (centred**2).sum()
    return combine(list(zip(coefficients.tolist(), scores, strict=True)), design)


def luck_of(scores: Sequence[Correct], design: ItemDesign) -> Luck | None:
    """How m checkpoints scatter around their line; None for fewer than `FEWEST`.

    The excess is tested by F with m - 2 degrees of freedom and those of the line's own variance.
    """
    from scipy.special import fdtrc

    if len(scores) < FEWEST or not design.estimable:
        return None
    means = np.array([score.mean(axis=0) @ design.weight for score in scores])
    centred = _centred(len(scores))
    slope = centred @ means / (centred**2).sum()
    residuals = means - means.mean() - slope * centred
    df = len(scores) - 2
    variance = float((residuals**2).sum() / df)
    change = fitted_change(scores, design)
    explained = _squared_error(change) / _leverage(len(scores))
    excess = fdtrc(df, change.df, variance / explained)
    return Luck(variance, df, shown=bool(excess < SCATTER_LEVEL / len(scores)))


def p_of_decline(change: Contrast, checkpoints: int, luck: Luck | None) -> float:
    """The one-sided p value of a change along so many checkpoints being below zero.

    With `luck` that is shown it is judged by that scatter. 1 where no variance can be told.
    """
    from scipy.special import stdtr

    if change.standard_error is None or change.df is None:
        return 1.0
    variance, df = _squared_error(change), change.df
    if luck is not None and luck.shown:
        variance, df = max(variance, luck.variance * _leverage(checkpoints)), float(luck.df)
    return float(stdtr(df, change.value / variance**0.5))


def stretches(checkpoints: int) -> list[int]:
    """How many of the last checkpoints to fit a line through: all, half, a quarter, ...

    A decline that began lately is not hidden by a long level row before it; halves keep the tests
    few. Empty for fewer than `FEWEST`.
    """
    lengths = []
    while checkpoints >= FEWEST:
        lengths.append(checkpoints)
        checkpoints = -(-checkpoints // 2)
    return lengths


def _centred(checkpoints: int) -> NDArray[np.float64]:
    return np.arange(checkpoints, dtype=np.float64) - (checkpoints - 1) / 2


def _leverage(checkpoints: int) -> float:
    """The variance of the fitted change if that of one score is 1."""
    return float((checkpoints - 1) ** 2 / (_centred(checkpoints) ** 2).sum())


def _squared_error(change: Contrast) -> float:
    assert change.standard_error is not None
    return change.standard_error**2
