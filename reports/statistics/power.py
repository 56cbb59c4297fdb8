"""What a comparison of a planned size can find, from the variances that a pilot showed.

    V(n, K) = item / n + seeds / K + residual / (n K)

for n items and K training seeds a side, as the two-way contrast estimates it
(reports/statistics/contrast.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.statistics.contrast import (
    Contrast,
    residual_variance,
    seed_variance,
    t_quantile,
    two_way_variance,
)
from reports.statistics.item_design import ItemDesign, half_item_variance
from reports.statistics.levels import LEVEL, POWER
from reports.statistics.scale import Correct

MOST_SEEDS = 1_000
MOST_ITEMS = 100_000_000


@dataclass(frozen=True, slots=True)
class Pilot:
    """Variances of a difference between two systems, each per unit of what averages it out.

    `item` per item, `seeds` per seed a side, `residual` per item and seed. `item_df_share` is the
    degrees of freedom of the item variance over the number of items: below 1 where items cluster.
    `seeds` and `residual` are None where a side had a single seed: then nothing is known of seeds,
    and plans speak of these checkpoints only.
    """

    item: float
    seeds: float | None
    residual: float | None
    item_df_share: float


@dataclass(frozen=True, slots=True)
class Aim:
    """What a plan aims at: the test's level and sides, and the power it should have."""

    level: float = LEVEL
    power: float = POWER
    sides: int = 2


def pilot(treatment: Correct, baseline: Correct, design: ItemDesign, span: float = 1.0) -> Pilot:
    """What a finished comparison shows (arrays: (K, n) in the order of `design`).

    Parts that come out negative, as estimates may, count as 0; the item part is not below that of
    half an item each way that differs by the `span` of the scale. ValueError where the items form
    too few clusters.
    """
    if not design.estimable:
        raise ValueError("the pilot's items form too few clusters to tell a variance")
    n = design.items
    _, total = two_way_variance([(1.0, treatment), (-1.0, baseline)], design)
    share = total.item_df / n
    floor = span**2 * half_item_variance(design)
    sides = (treatment, baseline)
    if min(len(side) for side in sides) == 1:
        return Pilot(max(total.item, floor) * n, None, None, share)
    residuals = [residual_variance(side, design) for side in sides]
    own = [seed_variance(side, design) for side in sides]
    return Pilot(
        item=max(total.item - sum(residuals), floor) * n,
        seeds=sum(
            max(seed - residual, 0.0) * len(side)
            for side, seed, residual in zip(sides, own, residuals, strict=True)
        ),
        residual=sum(r * len(side) * n for side, r in zip(sides, residuals, strict=True)),
        item_df_share=share,
    )


def detectable(pilot: Pilot, items: int, seeds: int, aim: Aim = Aim()) -> float:
    """The smallest true difference that the test finds with the wanted power.

    (t_level + t_power) * standard error, with Satterthwaite degrees of freedom. With one seed, or a
    pilot of one, it is about checkpoints.
    """
    variance, df = _precision(pilot, items, seeds)
    quantiles = t_quantile(1 - aim.level / aim.sides, df) + t_quantile(aim.power, df)
    return float(quantiles * variance**0.5)


def found_by(contrast: Contrast, aim: Aim) -> float:
    """The smallest true difference that a finished comparison of this precision finds.

    ValueError where its items form too few clusters to tell a variance.
    """
    if contrast.standard_error is None or contrast.df is None:
        raise ValueError("the items form too few clusters to tell a variance")
    level = t_quantile(1 - aim.level / aim.sides, contrast.df)
    return (level + t_quantile(aim.power, contrast.df)) * contrast.standard_error


def items_needed(pilot: Pilot, effect: float, seeds: int, aim: Aim = Aim()) -> int | None:
    """The fewest items that let the test find `effect`; None where no number does with these
    seeds.
    """
    return _fewest(lambda n: detectable(pilot, n, seeds, aim) <= effect, 2, MOST_ITEMS)


def seeds_needed(pilot: Pilot, effect: float, items: int, aim: Aim = Aim()) -> int | None:
    """The fewest seeds a side; None where no number does with these items, or none is known to
    help.
    """
    if pilot.seeds is None:
        return None
    return _fewest(lambda k: detectable(pilot, items, k, aim) <= effect, 2, MOST_SEEDS)


def _precision(pilot: Pilot, items: int, seeds: int) -> tuple[float, float]:
    item = pilot.item / items
    item_df = max(1.0, pilot.item_df_share * items)
    if pilot.seeds is None or pilot.residual is None or seeds == 1:
        return item + (pilot.residual or 0.0) / items, item_df
    # As the estimator counts them: both one-way variances contain the residual.
    residual = pilot.residual / (items * seeds)
    by_item, by_seed = item + residual, pilot.seeds / seeds + residual
    variance = by_item + by_seed - residual
    # Two sides that vary alike.
    df = variance**2 / (by_seed**2 / (2 * (seeds - 1)) + by_item**2 / item_df)
    return variance, df


def _fewest(enough: Callable[[int], bool], least: int, most: int) -> int | None:
    """The smallest number that is enough, if every larger one is, too."""
    high = least
    while not enough(high):
        if high >= most:
            return None
        high = min(2 * high, most)
    low = max(least, high // 2)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return high
