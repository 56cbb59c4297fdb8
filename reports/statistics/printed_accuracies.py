"""What two printed accuracies allow to be said, where nothing else is known.

Of two systems' accuracies on the same n items, A and B items are right; how many of them are the
same items is not printed. With full overlap the discordant items are as few as they can be, |A - B|
all on one side, and a paired test is at its surest; with the least overlap they are as many, and it
is at its least sure. Any published p value lies between the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from reports.statistics.contrast import SMALLEST_P
from reports.statistics.levels import LEVEL
from reports.statistics.paired_proportions import PairedTable, mcnemar_mid_p

# Half of the last digit that tables print: 45.6% may be anything from 45.55% to 45.65%.
HALF_A_DIGIT = 0.0005


@dataclass(frozen=True, slots=True)
class PRange:
    """The smallest and the largest McNemar mid-p value that two accuracies allow."""

    smallest: float
    largest: float


def right_counts(accuracy: float, items: int, rounding: float = HALF_A_DIGIT) -> tuple[int, int]:
    """The fewest and the most right items of n that are printed as this accuracy.

    Where no whole number is (a mean over runs or over tasks), the nearest one.
    """
    fewest = max(0, ceil((accuracy - rounding) * items - 1e-9))
    most = min(items, floor((accuracy + rounding) * items + 1e-9))
    if fewest > most:
        fewest = most = round(accuracy * items)
    return fewest, most


def overlap_extremes(first: int, second: int, items: int) -> tuple[PairedTable, PairedTable]:
    """The paired tables with the most and with the least items that both have right."""
    return (
        _table(first, second, items, min(first, second)),
        _table(first, second, items, max(0, first + second - items)),
    )


def p_range(first: float, second: float, items: int, rounding: float = HALF_A_DIGIT) -> PRange:
    """From the largest difference that rounding allows with full overlap, to the smallest one with
    the least overlap.
    """
    low, high = sorted(
        (right_counts(first, items, rounding), right_counts(second, items, rounding))
    )
    surest, _ = overlap_extremes(high[1], low[0], items)
    _, least_sure = overlap_extremes(max(high[0], low[1]), low[1], items)
    return PRange(mcnemar_mid_p(surest), mcnemar_mid_p(least_sure))


def undoing_spread(difference: float, runs: tuple[int, int], level: float = LEVEL) -> float:
    """The standard deviation over training seeds, alike on both sides, from which on a difference
    of means over these runs is no longer beyond chance, were the items free of noise.

    |difference| / (z * sqrt(1/K_1 + 1/K_2)), with z two-sided at `level`.
    """
    from scipy.special import ndtri

    z = float(ndtri(1 - level / 2))
    return float(abs(difference) / (z * (1 / runs[0] + 1 / runs[1]) ** 0.5))


def welch_p(difference: float, sds: tuple[float, float], runs: tuple[int, int]) -> float:
    """Welch's two-sided p value of a difference of means over runs with these standard deviations.

    ValueError for a side of fewer than two runs. Welch 1947, "The generalization of 'Student's'
    problem when several different population variances are involved".
    """
    from scipy.special import stdtr

    if min(runs) < 2:
        raise ValueError("Welch's test needs two runs a side")
    parts = [sd**2 / count for sd, count in zip(sds, runs, strict=True)]
    if sum(parts) == 0:
        return 1.0 if difference == 0 else SMALLEST_P
    df = sum(parts) ** 2 / sum(
        part**2 / (count - 1) for part, count in zip(parts, runs, strict=True)
    )
    return max(float(2 * stdtr(df, -abs(difference) / sum(parts) ** 0.5)), SMALLEST_P)


def _table(first: int, second: int, items: int, both: int) -> PairedTable:
    return PairedTable(both, first - both, second - both, items - first - second + both)
