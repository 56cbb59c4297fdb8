"""A contrast's one-sided bounds at whatever level a look or a night has, and what they decide."""

from __future__ import annotations

from dataclasses import replace

from reports.comparing.gate import Decision, GateOutcome
from reports.statistics.contrast import Contrast, t_quantile
from reports.statistics.item_design import ItemDesign

WIDEST = 1.0  # no two means of scores within 0 to 1 lie further apart


def with_bounds(decision: Decision, level: float, least_error: float = 0.0) -> Decision:
    """The same decision with one-sided bounds at another level, and what they decide."""
    found = bounds(decision.contrast, level, least_error)
    if found is None:
        return decision
    lower, upper = found
    return replace(
        decision, lower=lower, upper=upper, outcome=outcome_of(lower, upper, decision.margin)
    )


def bounds(
    contrast: Contrast, level: float, least_error: float = 0.0
) -> tuple[float, float] | None:
    """One-sided bounds of a contrast, each at `level`; None where its variance cannot be told.

    Looks and nights take scores within 0 to 1 alone.
    """
    if contrast.standard_error is None or contrast.df is None:
        return None
    reach = -t_quantile(level, contrast.df) * max(contrast.standard_error, least_error)
    return max(-WIDEST, contrast.value - reach), min(WIDEST, contrast.value + reach)


def outcome_of(lower: float, upper: float, margin: float) -> GateOutcome:
    """What the bounds of candidate - baseline say about a loss of the margin."""
    return "PASS" if lower > -margin else "FAIL" if upper < -margin else "INCONCLUSIVE"


def least_error(design: ItemDesign, margin: float, seeds: int) -> float:
    """The standard error that a loss of exactly the margin has at least, where items are right or
    wrong.

    Of K seeds an item's difference is a multiple of 1 / K, so its square is at least margin / K on
    average. An early look sees few discordant items and would be sure of too much without it.
    """
    spread = max(margin / seeds - margin**2, 0.0)
    return float((spread * (design.weight**2).sum()) ** 0.5)
