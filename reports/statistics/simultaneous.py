"""All pairs of S systems at once: their contrasts, and answers that hold for all of them together.

Each pair's contrast is that of reports/statistics/contrast.py, V = V_item + V_seeds - V_resid with
Satterthwaite's degrees of freedom, from one covariance over items of all systems.

A claim about methods adjusts p values by Holm's method and intervals by Bonferroni's. So far out in
the tails few seeds mislead: of many pairs, some look by chance as if seeds had no effect at all.
Here a pair's variance over seeds is therefore the larger of its own and twice the mean over all
systems, then with no more degrees of freedom than theirs together; and no pair is told apart that
its own contrast leaves open.

A claim about checkpoints, where items alone are random, adjusts both by the joint distribution of
the contrasts, if there are clusters enough to know it: how large the studentised maximum over all
pairs is where no systems differ (Westfall and Young 1993, "Resampling-based multiple testing").
With few clusters that errs more often than it says, and so it does with training seeds, since it
takes variances for known that hardly are (docs/ranking.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.statistics.contrast import (
    SMALLEST_P,
    Claim,
    residual_variance,
    seed_variance,
)
from reports.statistics.item_design import (
    MANY_CLUSTERS,
    ItemDesign,
    bell_mccaffrey_df,
    half_item_variance,
    item_covariance,
)
from reports.statistics.levels import LEVEL
from reports.statistics.multiplicity import holm
from reports.statistics.scale import Correct, Scale

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Adjustment = Literal["holm", "joint"]

# From so many degrees of freedom over items on, their covariance is known well enough.
ENOUGH_DF = 20.0
DRAWS = 10_000
# Draws whose covariances are held at once.
BLOCK = 500


@dataclass(frozen=True, slots=True)
class Spread:
    """How S systems' scores vary together.

    `item` (S, S) is their covariance over items with `item_df` degrees of freedom; `seeds` (S,)
    each one's variance over its K_s training seeds with `seeds_df` (S,) of them, both 0 where these
    checkpoints are meant; `residual` (S,) what both contain; `floor` the least variance over items
    of a difference.
    """

    item: Floats
    item_df: float
    seeds: Floats
    seeds_df: Floats
    residual: Floats
    floor: float


@dataclass(frozen=True, slots=True)
class AllPairs:
    """The P = S (S - 1) / 2 differences first - second, and simultaneous answers on them.

    Each array is (P,): the places of the two systems, the difference, the ends of its simultaneous
    95% interval, p of this pair alone, and p adjusted for all pairs.
    """

    first: Places
    second: Places
    value: Floats
    lower: Floats
    upper: Floats
    p: Floats
    p_adjusted: Floats
    claim: Claim
    adjustment: Adjustment

    @property
    def differ(self) -> Bools:
        """The pairs (P,) that are told apart."""
        return np.asarray(self.p_adjusted < LEVEL)


def all_pairs(
    systems: Sequence[Correct],
    design: ItemDesign,
    scale: Scale,
    rng: np.random.Generator,
    identical: Bools | None = None,
    draws: int = DRAWS,
) -> AllPairs:
    """Every pair of two systems or more, with outcomes (K_s, n) in the order of `design`.

    The claim is about methods where every system has two seeds or more, else about these
    checkpoints. `identical` (P,) marks pairs that gave the same responses throughout. Pairs are in
    the order of numpy's `triu_indices`; where no variance can be told, p is 1 and the interval
    everything possible. `draws` of the joint distribution are taken from `rng`.
    """
    claim: Claim = "method" if min(map(len, systems)) > 1 else "checkpoint"
    first, second = np.triu_indices(len(systems), 1)
    scores = np.array([float(each.mean(axis=0) @ design.weight) for each in systems])
    value = scores[first] - scores[second]
    same = np.zeros(len(first), bool) if identical is None else identical
    if not design.estimable or scale.span == 0:
        reach = np.where(same, 0.0, design.range if scale.bounded else inf)
        one = np.ones(len(first))
        return AllPairs(first, second, value, -reach, reach, one, one, claim, "holm")
    spread = spread_of(systems, design, scale, claim)
    own = spread.seeds[first] + spread.seeds[second]
    error, df = _errors(spread, own, first, second)
    p = np.where(same, 1.0, _p(value / error, df))
    half = _t_quantile(1 - LEVEL / 2, df) * error
    # The level at which each pair's interval is made, for all to hold together.
    alone = LEVEL / len(first)
    joint = claim == "checkpoint" and spread.item_df >= ENOUGH_DF
    if claim == "method":
        of_all = 2 * spread.seeds.mean()
        error, df = _errors(spread, np.maximum(own, of_all), first, second)
        # Of two systems alone both are the same, but for rounding.
        borrowed = of_all > own * (1 + 1e-9)
        df = np.where(borrowed, np.minimum(df, spread.seeds_df.sum()), df)
    if joint:
        largest = np.concatenate([*_largest_statistics(spread, first, second, rng, draws)])
        smallest = _p(largest, np.array(spread.item_df))
        alone, adjusted = float(np.quantile(smallest, LEVEL)), _shares_up_to(p, smallest)
    else:
        adjusted = np.array(holm(_p(value / error, df).tolist()))
    half = np.where(same, 0.0, np.maximum(half, _t_quantile(1 - alone / 2, df) * error))
    widest = design.range if scale.bounded else inf
    return AllPairs(
        first=first,
        second=second,
        value=value,
        # Rounding in the sum of weights must not leave the value outside.
        lower=np.minimum(value, np.maximum(value - half, -widest)),
        upper=np.maximum(value, np.minimum(value + half, widest)),
        p=p,
        p_adjusted=np.where(same, 1.0, np.maximum(p, adjusted)),
        claim=claim,
        adjustment="joint" if joint else "holm",
    )


def spread_of(systems: Sequence[Correct], design: ItemDesign, scale: Scale, claim: Claim) -> Spread:
    """The spread of systems with outcomes (K_s, n); ValueError for a method of one seed."""
    means = np.stack([np.mean(each, axis=0, dtype=float) for each in systems])
    seeds = seeds_df = residual = np.zeros(len(systems))
    if claim == "method":
        if min(map(len, systems)) < 2:
            raise ValueError("a claim about methods needs two seeds of every system")
        seeds = np.array([seed_variance(each, design) for each in systems])
        seeds_df = np.array([len(each) - 1.0 for each in systems])
        residual = np.array([residual_variance(each, design) for each in systems])
    return Spread(
        item=item_covariance(means, design),
        item_df=bell_mccaffrey_df(design),
        seeds=seeds,
        seeds_df=seeds_df,
        residual=residual,
        floor=scale.span**2 * half_item_variance(design),
    )


def _of_pairs(covariance: Floats, first: Places, second: Places) -> Floats:
    """Variances (..., P) of differences from covariances (..., S, S)."""
    own = np.diagonal(covariance, axis1=-2, axis2=-1)
    crossed = covariance[..., first, second]
    return np.asarray(own[..., first] + own[..., second] - 2 * crossed)


def _errors(spread: Spread, seeds: Floats, first: Places, second: Places) -> tuple[Floats, Floats]:
    """The standard error (P,) of each difference and its degrees of freedom, as `contrast.Variance`
    counts them; `seeds` (P,) are the variances over seeds, whose own uncertainty is each system's.
    """
    item = np.maximum(_of_pairs(spread.item, first, second), spread.floor)
    over_df = spread.seeds**2 / np.maximum(spread.seeds_df, 1.0)
    residual = spread.residual[first] + spread.residual[second]
    total = np.maximum(np.maximum(item + seeds - residual, item), seeds)
    df = total**2 / (over_df[first] + over_df[second] + item**2 / spread.item_df)
    return np.sqrt(total), df


def _largest_statistics(
    spread: Spread, first: Places, second: Places, rng: np.random.Generator, draws: int
) -> Iterator[Floats]:
    """Draws, in blocks of (BLOCK,), of the largest |t| over all pairs where no systems differ.

    Scores are normal with the covariance that was seen; its own estimate varies as Wishart's with
    the design's degrees of freedom (at most `MANY_CLUSTERS`).
    """
    values, vectors = np.linalg.eigh(spread.item)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    clusters = int(min(spread.item_df, MANY_CLUSTERS))
    for _ in range(-(-draws // BLOCK)):
        scores = rng.standard_normal((BLOCK, len(root))) @ root.T
        of_clusters = rng.standard_normal((BLOCK, clusters, len(root))) @ root.T
        item = of_clusters.transpose(0, 2, 1) @ of_clusters / clusters
        variance = np.maximum(_of_pairs(item, first, second), spread.floor)
        yield np.abs((scores[:, first] - scores[:, second]) / np.sqrt(variance)).max(axis=1)


def _shares_up_to(p: Floats, smallest: Floats) -> Floats:
    """The share of draws at or below each p, and this one: never told more sharply than their
    number allows (Phipson and Smyth 2010).
    """
    fewer = np.searchsorted(np.sort(smallest), p, side="right")
    return np.maximum(p, (fewer + 1) / (len(smallest) + 1))


def _p(statistic: Floats, df: Floats) -> Floats:
    """Two-sided p values of Student's t."""
    from scipy.special import stdtr

    return np.asarray(np.maximum(2 * stdtr(df, -np.abs(statistic)), SMALLEST_P))


def _t_quantile(probability: float, df: Floats) -> Floats:
    from scipy.special import stdtrit

    return np.asarray(stdtrit(df, probability))
