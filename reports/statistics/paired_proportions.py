"""Two checkpoints on the same independent items: is one right more often?

With b items that only the first has right and c that only the second has right, out of n, the
difference is (b - c) / n. These are classical one-seed answers; where items cluster or training
seeds count, reports/statistics/contrast.py answers instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.statistics.contrast import SMALLEST_P
from reports.statistics.levels import CONFIDENCE


@dataclass(frozen=True, slots=True)
class PairedTable:
    """How n items fall: right under both, under the first alone, the second alone, neither."""

    both: int
    first: int
    second: int
    neither: int

    @property
    def items(self) -> int:
        """All n items."""
        return self.both + self.first + self.second + self.neither

    @property
    def difference(self) -> float:
        """First's accuracy minus second's; ValueError without items."""
        if self.items == 0:
            raise ValueError("a difference needs at least one item")
        return (self.first - self.second) / self.items


def mcnemar_mid_p(table: PairedTable) -> float:
    """The two-sided McNemar mid-p value; 1 where no item is discordant.

    Twice the chance of a table more extreme in a Binomial(b + c, 1/2), the observed one counted
    half. Fagerland, Lydersen and Laake 2013, "The McNemar test for binary matched-pairs data: mid-p
    and asymptotic are better than exact conditional".
    """
    from scipy.special import bdtr

    discordant, fewer = table.first + table.second, min(table.first, table.second)
    if discordant == 0:
        return 1.0
    # The mean of P(X <= fewer) and P(X < fewer) counts the observed table half.
    twice = bdtr(fewer, discordant, 0.5) + (bdtr(fewer - 1, discordant, 0.5) if fewer else 0.0)
    return min(1.0, max(float(twice), SMALLEST_P))


def tango_interval(table: PairedTable, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Tango's score interval of the paired difference, within [-1, 1].

    All delta that the score test does not reject. Tango 1998, "Equivalence test and confidence
    interval for the difference in proportions for the paired-sample design", Statistics in Medicine
    17.
    """
    from scipy.optimize import brentq
    from scipy.special import ndtri

    estimate, z = table.difference, float(ndtri(0.5 + confidence / 2))

    def excess(delta: float, bound: float) -> float:
        return tango_statistic(table, delta) - bound

    lower = -1.0 if estimate == -1 else brentq(excess, -1 + 1e-12, estimate, args=(z,), xtol=1e-12)
    upper = 1.0 if estimate == 1 else brentq(excess, estimate, 1 - 1e-12, args=(-z,), xtol=1e-12)
    return float(lower), float(upper)


def tango_statistic(table: PairedTable, delta: float) -> float:
    """The score statistic of the hypothesis that the true difference is delta, in (-1, 1).

    The chance q of an item that the second alone has right is estimated under the hypothesis (the
    larger root of Tango's quadratic), so it is never 0/0 where delta is not 0 and b + c > 0.
    """
    n, b, c = table.items, table.first, table.second
    if b - c == n * delta:
        return 0.0
    linear = -b - c + (2 * n - b + c) * delta
    constant = -c * delta * (1 - delta)
    q = ((linear**2 - 8 * n * constant) ** 0.5 - linear) / (4 * n)
    variance = n * (2 * q + delta * (1 - delta))
    return float((b - c - n * delta) / max(variance, 1e-300) ** 0.5)
