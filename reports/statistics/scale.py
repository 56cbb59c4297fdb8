"""What values an item's outcome takes: right or wrong, a share, or a metric's own units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

# Right or wrong, or a score, (seeds, items); means over draws and over checkpoints lie between.
Correct = NDArray[np.bool_] | NDArray[np.float64]
Kind = Literal["binary", "share", "own"]
# Scores closer together than this are equal: the fourth power of less is beyond floating point.
SMALLEST_SPAN = 1e-50


@dataclass(frozen=True, slots=True)
class Scale:
    """The outcomes of a comparison: their kind and how far apart two of them can lie.

    `binary`: right or wrong throughout; the formulas of two proportions hold. `share`: within [0,
    1]. `own`: any others, taken to have no bounds. `span` is 1 for the first two; of own units it
    is the range of what was seen, 0 where all outcomes are equal. `turned`: lower is better, so
    outcomes y stand as 1 - y, in own units as -y.
    """

    kind: Kind
    span: float
    turned: bool = False

    @property
    def bounded(self) -> bool:
        """Whether outcomes lie in [0, 1]."""
        return self.kind != "own"

    @property
    def pivot(self) -> float:
        """What an outcome is taken from where lower is better."""
        return 1.0 if self.bounded else 0.0

    def as_logged(self, value: float) -> float:
        """A mean of outcomes as its log counts it."""
        return self.pivot - value if self.turned else value


BINARY = Scale("binary", 1.0)


def as_marks(correct: Correct) -> NDArray[np.bool_] | None:
    """The outcomes as right or wrong; None where they are anything else."""
    return correct.astype(bool) if correct.dtype == bool else None


def scale_of(systems: Sequence[Correct]) -> Scale:
    """The scale that these systems' outcomes (K_s, n) share."""
    if all(as_marks(correct) is not None for correct in systems):
        return BINARY
    low = min(float(correct.min()) for correct in systems)
    high = max(float(correct.max()) for correct in systems)
    if low >= 0 and high <= 1:
        return Scale("share", 1.0)
    return Scale("own", high - low if high - low > SMALLEST_SPAN else 0.0)
