"""Confidence intervals of accuracies and mean scores."""

from __future__ import annotations

from dataclasses import dataclass

from reports.statistics.contrast import score, t_quantile, two_way_variance
from reports.statistics.item_design import ItemDesign
from reports.statistics.levels import CONFIDENCE
from reports.statistics.scale import Correct, Scale

FEW_EVENTS = 5


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95% interval: an accuracy (in [0, 1]), or a mean in a measure's own
    units.
    """

    value: float
    lower: float
    upper: float


def wilson(share: float, n: float) -> Interval:
    """Wilson's (1927) 95% interval of a share of n answers; n may be effective, hence broken."""
    from scipy.special import ndtri

    z2 = float(ndtri(0.5 + CONFIDENCE / 2)) ** 2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = (z2 / n * (share * (1 - share) + z2 / (4 * n))) ** 0.5 / (1 + z2 / n)
    return Interval(share, max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def accuracy(correct: Correct, design: ItemDesign) -> Interval:
    """The weighted accuracy over K runs (`correct`: (K, n)) with items and training seeds random.

    Wilson's interval at the effective number of answers (Korn and Graubard 1998): the n for which
    p (1 - p) / (n - 1) is the two-way variance of the contrast, times (t_(items-1) / t_df)^2. One
    run over independent items gives plain Wilson. The effective number is at most items * seeds,
    and at most the clusters where fewer than FEW_EVENTS items are right, or wrong, since their
    spread is then hardly known. Where clusters are too few to tell a variance the interval is [0,
    1].
    """
    value, variance = two_way_variance([(1.0, correct)], design)
    share = min(1.0, max(0.0, round(value, 12)))  # weights sum to 1 only to rounding
    if not design.estimable:
        return Interval(share, 0.0, 1.0)
    spread, items = share * (1 - share), design.items
    scarce = items * min(share, 1 - share) < FEW_EVENTS
    effective = float(design.clusters if scarce else items * len(correct))
    if spread > 0 and variance.total > 0:
        upper = 0.5 + CONFIDENCE / 2
        ratio = t_quantile(upper, items - 1) / t_quantile(upper, variance.df)
        effective = min(effective, (spread / variance.total + 1) * min(1.0, ratio**2))
    return wilson(share, effective)


def mean_score(correct: Correct, design: ItemDesign, scale: Scale) -> Interval:
    """The weighted mean outcome over K runs (`correct`: (K, n)) on any scale.

    An accuracy has Wilson's interval, which holds of right and wrong alone; any other mean that of
    its contrast with zero, within [0, 1] where the scale is.
    """
    if scale.kind == "binary":
        return accuracy(correct, design)
    found = score(correct, design, scale)
    low, high = (0.0, 1.0) if scale.bounded else (found.lower, found.upper)
    return Interval(found.value, max(low, found.lower), min(high, found.upper))
