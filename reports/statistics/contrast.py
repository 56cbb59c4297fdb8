"""The one estimator: a weighted score of one system, or a contrast between two, over tasks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.statistics.item_design import (
    ItemDesign,
    bell_mccaffrey_df,
    half_item_variance,
    item_variance,
)
from reports.statistics.levels import CONFIDENCE, POWER
from reports.statistics.scale import BINARY, Correct, Scale

Claim = Literal["method", "checkpoint"]

# A p value beyond the reach of floating point is small, not zero.
SMALLEST_P = sys.float_info.min


@dataclass(frozen=True, slots=True)
class Variance:
    """The parts of V = item + seeds - residual and its Satterthwaite degrees of freedom.

    `item`: over items, training runs as given; `seeds`: over training seeds, items as given;
    `residual`: the item-by-seed noise that both contain.
    """

    item: float
    item_df: float
    seeds: float
    seeds_over_df: float
    residual: float

    @property
    def total(self) -> float:
        """V, not below max(item, seeds)."""
        return max(self.item + self.seeds - self.residual, self.item, self.seeds)

    @property
    def df(self) -> float:
        """V^2 / (sum_s V_s^2 / (K_s - 1) + V_item^2 / df_item)."""
        return self.total**2 / (self.seeds_over_df + self.item**2 / self.item_df)


@dataclass(frozen=True, slots=True)
class Contrast:
    """An estimate with its 95% interval and two-sided p value (t with `df` degrees of freedom).

    `standard_error` and `df` are None where the items form too few clusters to tell a variance, or
    where all outcomes of a scale without bounds are equal; the interval is then everything possible
    (from -inf to inf on such a scale) and p is 1. `identical` means that both systems gave the
    same responses throughout and were scored alike. `detectable` is the true difference that a test
    of this precision finds with probability 0.8.
    """

    value: float
    lower: float
    upper: float
    p: float
    standard_error: float | None
    df: float | None
    detectable: float | None
    claim: Claim
    identical: bool
    items: int
    clusters: int

    def scaled(self, span: float) -> Contrast:
        """The same contrast of outcomes `span` (> 0) times as large, as a measure's own units
        are.
        """
        return replace(
            self,
            value=span * self.value,
            lower=span * self.lower,
            upper=span * self.upper,
            standard_error=None if self.standard_error is None else span * self.standard_error,
            detectable=None if self.detectable is None else span * self.detectable,
        )

    def turned(self) -> Contrast:
        """The same contrast seen from the other side: baseline less treatment."""
        return replace(self, value=-self.value, lower=-self.upper, upper=-self.lower)


def compare(
    treatment: Correct,
    baseline: Correct,
    design: ItemDesign,
    *,
    identical: bool = False,
    claim: Claim | None = None,
    scale: Scale = BINARY,
) -> Contrast:
    """The paired contrast treatment - baseline.

    `treatment` (K_a, n) and `baseline` (K_b, n) tell which items each seed's run got right, or
    their scores, in the order of `design`; the contrast is linear, so that any `scale` will do. A
    method claim treats training seeds as random; ValueError where a side has one. A checkpoint
    claim takes the mean of these very checkpoints as given. Without `claim` it is about methods
    where both sides have two seeds or more. `identical` says that all responses are the same;
    ValueError where their scores are not.
    """
    if identical and not np.array_equal(treatment, baseline):
        raise ValueError("the same responses were scored differently")
    enough = min(len(treatment), len(baseline)) > 1
    if claim == "method" and not enough:
        raise ValueError("a claim about methods needs two seeds a side")
    claim = claim or ("method" if enough else "checkpoint")
    if claim == "checkpoint":
        treatment, baseline = (
            np.mean(side, axis=0, keepdims=True) for side in (treatment, baseline)
        )
    return _contrast([(1.0, treatment), (-1.0, baseline)], design, claim, identical, scale)


def score(correct: Correct, design: ItemDesign, scale: Scale = BINARY) -> Contrast:
    """One system's weighted score, e.g. its generalization gap (`correct`: (K, n))."""
    claim: Claim = "method" if len(correct) > 1 else "checkpoint"
    return _contrast([(1.0, correct)], design, claim, identical=False, scale=scale)


def combine(systems: Sequence[tuple[float, Correct]], design: ItemDesign) -> Contrast:
    """A linear combination sum_s c_s * L(system s) of systems' scores, e.g. a factorial effect.

    Each system is a coefficient and its outcomes (K_s, n) in the order of `design`; one system may
    stand here only once, since seeds of different entries count as independent. A coefficient of
    zero takes no part. The claim is about methods where every system has two seeds or more, else
    about these checkpoints. ValueError where nothing is combined.
    """
    taking_part = [(coefficient, correct) for coefficient, correct in systems if coefficient]
    if not taking_part:
        raise ValueError("a combination needs at least one coefficient other than zero")
    claim: Claim = "method"
    if min(len(correct) for _, correct in taking_part) < 2:
        claim = "checkpoint"
        taking_part = [(c, np.mean(correct, axis=0, keepdims=True)) for c, correct in taking_part]
    return _contrast(taking_part, design, claim, identical=False)


def two_way_variance(
    systems: Sequence[tuple[float, Correct]], design: ItemDesign
) -> tuple[float, Variance]:
    """The estimate sum_s c_s * L(system s) and its variance over items and training seeds.

    Seeds of different systems are not paired. A system with one run adds no seed variance, so the
    result then speaks of that checkpoint only. `item` is NaN where the design is not estimable.
    """
    # 1. Each item's difference, (n,): system s has outcomes (K_s, n), its mean over seeds is (n,).
    means = sum(coefficient * correct.mean(axis=0) for coefficient, correct in systems)
    differences = np.asarray(means, dtype=float)
    # 2. V_item: how the differences vary within strata, training runs as given.
    variance = Variance(
        item=item_variance(differences, design),
        item_df=bell_mccaffrey_df(design),
        seeds=0.0,
        seeds_over_df=0.0,
        residual=0.0,
    )
    # 3. Of each system with seeds: V_s of its K_s scores, and V_resid, which V_item counts too.
    for coefficient, correct in systems:
        if len(correct) > 1:
            own = coefficient**2 * seed_variance(correct, design)
            residual = coefficient**2 * residual_variance(correct, design)
            variance = replace(
                variance,
                seeds=variance.seeds + own,
                seeds_over_df=variance.seeds_over_df + own**2 / (len(correct) - 1),
                residual=variance.residual + residual,
            )
    # 4. The estimate: weights (n,) times differences (n,).
    return float(design.weight @ differences), variance


def seed_variance(correct: Correct, design: ItemDesign) -> float:
    """V_s: the variance of a system's whole weighted score across its K > 1 seeds, over K."""
    return float(np.var(correct @ design.weight, ddof=1) / len(correct))


def residual_variance(correct: Correct, design: ItemDesign) -> float:
    """V_resid of one system (K, n), K > 1: what item and seed variance both count.

    sum_t w_t^2 * (sum of squared item-by-seed residuals) / ((K-1) (n_t-1) n_t K).
    """
    seeds = len(correct)
    sizes = design.stratum_sizes
    values = correct.astype(float)
    seed_means = np.stack([np.bincount(design.stratum, row) / sizes for row in values])
    item_means = values.mean(axis=0)
    grand_means = seed_means.mean(axis=0)
    residuals = values - item_means - (seed_means - grand_means)[:, design.stratum]
    weighted = (design.weight * residuals) ** 2
    per_stratum = np.bincount(design.stratum, weighted.sum(axis=0))
    many = sizes > 1
    factor = sizes[many] / ((seeds - 1) * (sizes[many] - 1) * seeds)
    return float((per_stratum[many] * factor).sum())


def same_responses(treatment: NDArray[np.int64], baseline: NDArray[np.int64]) -> bool:
    """Whether two systems' response hashes (K, n) agree in every run and item."""
    return np.array_equal(treatment, baseline)


def t_quantile(probability: float, df: float) -> float:
    """The quantile of Student's t."""
    # scipy.special, not scipy.stats: a comparison should not wait most of a second for an import.
    from scipy.special import stdtrit

    return float(stdtrit(df, probability))


def _contrast(
    systems: Sequence[tuple[float, Correct]],
    design: ItemDesign,
    claim: Claim,
    identical: bool,
    scale: Scale = BINARY,
) -> Contrast:
    value, variance = two_way_variance(systems, design)
    reach = _reach(systems) * scale.span
    upper = design.range * reach if scale.bounded else inf
    lower, p = -upper, 1.0
    error = df = detectable = None
    if identical:
        value = lower = upper = 0.0
    elif design.estimable and reach > 0:
        floor = reach**2 * half_item_variance(design)
        variance = replace(variance, item=max(variance.item, floor))
        error, df = float(np.sqrt(variance.total)), variance.df
        quantile = t_quantile(0.5 + CONFIDENCE / 2, df)
        # Rounding in the sum of weights must not leave the value outside.
        lower = min(value, max(lower, value - quantile * error))
        upper = max(value, min(upper, value + quantile * error))
        detectable = (quantile + t_quantile(POWER, df)) * error
        p = _two_sided_p(value / error, df)
    return Contrast(
        value=value,
        lower=lower,
        upper=upper,
        p=p,
        standard_error=error,
        df=df,
        detectable=detectable,
        claim=claim,
        identical=identical,
        items=design.items,
        clusters=design.clusters,
    )


def _reach(systems: Sequence[tuple[float, Correct]]) -> float:
    """The largest |sum_s c_s * y_s| that outcomes y in [0, 1] of one item allow; 1 for a - b."""
    positive = sum(max(coefficient, 0.0) for coefficient, _ in systems)
    negative = sum(max(-coefficient, 0.0) for coefficient, _ in systems)
    return max(positive, negative)


def _two_sided_p(statistic: float, df: float) -> float:
    from scipy.special import stdtr

    return max(float(2 * stdtr(df, -abs(statistic))), SMALLEST_P)
