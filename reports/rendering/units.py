"""How scores of a scale are written: shares as percent and points, others in their own units."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, log10

from reports.rendering.numerals import MINUS
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval
from reports.statistics.scale import Scale

INFINITE = "∞"


@dataclass(frozen=True, slots=True)
class Unit:
    """The figures of one scale: `factor` times as large, with `decimals` and the `word` behind."""

    scale: Scale
    factor: float
    decimals: int
    word: str

    @property
    def level_name(self) -> str:
        """What the mean outcome of a system is called."""
        return "accuracy" if self.scale.kind == "binary" and not self.scale.turned else "score"

    @property
    def in_words(self) -> str:
        """What differences are told in."""
        return "percentage points" if self.scale.bounded else "the score's own units"

    def level(self, value: float) -> str:
        """The mean outcome of a system as its log counts it: 45.6, without a sign for percent."""
        return self.logged(self.scale.as_logged(value))

    def logged(self, value: float) -> str:
        """A mean that already stands as its log counts it."""
        return self._digits(value, "")

    def bare(self, difference: float) -> str:
        """A difference: 2.0."""
        return self._digits(difference, "")

    def amount(self, difference: float) -> str:
        """A difference with its word: "2.0 points"."""
        return f"{self.bare(difference)}{self.word}"

    def signed(self, difference: float) -> str:
        """A difference with its sign; what rounds to zero has none."""
        text = self._digits(difference, "+")
        bare = text.lstrip(f"+{MINUS}")
        return bare if bare != INFINITE and float(bare) == 0 else text

    def interval(self, found: Interval | Contrast) -> str:
        """The ends of a difference's interval, with their signs."""
        return f"{self.signed(found.lower)} to {self.signed(found.upper)}"

    def _digits(self, value: float, sign: str) -> str:
        if abs(value) == inf:
            return (MINUS if value < 0 else sign) + INFINITE
        return f"{self.factor * value:{sign}.{self.decimals}f}".replace("-", MINUS)


def unit_of(scale: Scale) -> Unit:
    """How a scale's figures are written; own units with about three digits of their span."""
    if scale.bounded:
        return Unit(scale, 100.0, 1, " points")
    digits = ceil(log10(scale.span)) if scale.span > 0 else 0
    return Unit(scale, 1.0, min(max(0, 3 - digits), 9), "")
