"""Bayesian paired comparison for small sets: what to believe about a difference after n items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.statistics.levels import CONFIDENCE
from reports.statistics.paired_proportions import PairedTable

# Jeffreys' prior of a two-by-two table.
PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class Belief:
    """The posterior of a difference in accuracy: mean, 95% credible interval, and three chances.

    `worse`, `equal` and `better` are the chances that the true difference lies below -margin,
    within the margin, and above it; they add up to 1.
    """

    mean: float
    lower: float
    upper: float
    worse: float
    equal: float
    better: float


def paired_belief(
    table: PairedTable, margin: float, rng: np.random.Generator, draws: int = 100_000
) -> Belief:
    """The posterior of first's accuracy minus second's under a Dirichlet(1/2, ...) prior.

    The four cells of the paired table are multinomial; the difference is that of the two discordant
    chances. Drawn, not integrated: Monte Carlo error of a chance is below 0.002.
    """
    counts = np.array([table.first, table.second, table.both + table.neither], dtype=float)
    # The two concordant cells only ever appear as their sum, whose prior is the sum of theirs.
    cells = rng.dirichlet(counts + np.array([PRIOR, PRIOR, 2 * PRIOR]), draws)
    difference = cells[:, 0] - cells[:, 1]
    tail = (1 - CONFIDENCE) / 2
    lower, upper = np.quantile(difference, [tail, 1 - tail])
    worse, better = float((difference < -margin).mean()), float((difference > margin).mean())
    mean = (table.first - table.second) / (table.items + 4 * PRIOR)
    return Belief(mean, float(lower), float(upper), worse, 1 - worse - better, better)
