"""How far people agree who judged the same items: Krippendorff's alpha on nominal values.

Krippendorff, "Content Analysis", 4th ed. 2018, chapter 12: alpha = 1 − D_o / D_e, the disagreement
observed over the one expected by chance. 1 is perfect agreement, 0 that of chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.errors import UserError

DRAWS = 1000
LEVEL = 0.95
FEWEST_ITEMS = 5  # for an interval


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha over `items`; `unanimous` is the share of them of which all said the same.

    `alpha` is None where only one value was ever said, since chance alone agrees on it; `interval`
    is None there, too, and where items are fewer than 5.
    """

    items: int
    unanimous: float
    alpha: float | None
    interval: tuple[float, float] | None


def agreement(counts: NDArray[np.int64], rng: np.random.Generator) -> Agreement:
    """The agreement of counts (n items, V values): how many people gave an item each value.

    Every item was judged twice or more. The interval is the percentile bootstrap's over items, in
    DRAWS draws; those in which only one value is left have no alpha and are passed over. UserError
    where the extra `review` is not installed.
    """
    alpha = _alpha(counts)
    interval = None
    if alpha is not None and len(counts) >= FEWEST_ITEMS:
        drawn = rng.integers(len(counts), size=(DRAWS, len(counts)))
        alphas = [found for rows in drawn if (found := _alpha(counts[rows])) is not None]
        tail = 50 * (1 - LEVEL)
        low, high = np.percentile(alphas, [tail, 100 - tail])
        interval = (float(low), float(high))
    unanimous = float(np.mean((counts > 0).sum(axis=1) == 1))
    return Agreement(len(counts), unanimous, alpha, interval)


def _alpha(counts: NDArray[np.int64]) -> float | None:
    try:
        import krippendorff
    except ModuleNotFoundError:
        raise UserError(
            "agreement needs the extra `review`: `pip install '.[review]'` in the checkout"
        ) from None
    if np.count_nonzero(counts.sum(axis=0)) < 2:
        return None
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
