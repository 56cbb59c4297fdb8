"""The level of each look of a test that looks several times and errs no more often than one look.

Error is spent as information comes in (Lan and DeMets 1983, "Discrete sequential boundaries for
clinical trials"), at first so little that the last look is nearly as sharp as a single one would be
(O'Brien and Fleming 1979, in the form of Lan and DeMets).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NODES = 400  # of the quadrature: critical values to about 1e-8 for ten looks
SMALLEST = 1e-300  # a first look at very little still spends something
FARTHEST = 9.0  # standard errors beyond which a normal density counts as zero


def spent(fraction: float, level: float) -> float:
    """The one-sided error that looks up to this fraction of the information may make together.

    2 - 2 Phi(z / sqrt(fraction)) with z the quantile of 1 - level / 2: all of `level` at 1.
    """
    from scipy.special import ndtr, ndtri

    error = 2 * ndtr(-ndtri(1 - level / 2) / min(fraction, 1.0) ** 0.5)
    return max(float(error), SMALLEST * fraction)


def nominal_levels(information: Sequence[float], errors: Sequence[float]) -> list[float]:
    """The one-sided level of each look's own test.

    `information` (K,) rises from look to look: two looks' statistics correlate by the square root
    of the ratio of theirs. `errors` (K,) is what all looks up to each may err together. Where looks
    correlate more than told, they err less often. ValueError where either does not rise.
    """
    if not _rises(information) or not _rises(errors):
        raise ValueError("information and spent error must rise from look to look")
    from scipy.special import ndtr

    return [float(ndtr(-critical)) for critical in _critical_values(information, errors)]


def crossing_probability(information: Sequence[float], critical: Sequence[float]) -> float:
    """How often the standardised sums of looks (K,) cross one of their upper critical values (K,),
    where nothing is to be found.
    """
    walk = _Walk()
    return sum(walk.step(time, value) for time, value in zip(information, critical, strict=True))


def _rises(values: Sequence[float]) -> bool:
    return all(low < high for low, high in zip((0.0, *values), values, strict=False))


def _critical_values(information: Sequence[float], errors: Sequence[float]) -> list[float]:
    from scipy.optimize import brentq

    walk, before = _Walk(), 0.0
    critical = []
    for time, error in zip(information, errors, strict=True):

        def excess(value: float, time: float = time, may: float = error - before) -> float:
            return walk.crossing(time, value) - may

        # So little may be spent at a very early look that no statistic would cross.
        crosses = excess(FARTHEST) < 0
        value = float(brentq(excess, -FARTHEST, FARTHEST, xtol=1e-10)) if crosses else FARTHEST
        walk.step(time, value)
        critical.append(value)
        before = error
    return critical


class _Walk:
    """Brownian motion that stops where it crosses: its density at the last look, by quadrature.

    The recursion of Armitage, McPherson and Rowe (1969); Jennison and Turnbull (2000, chapter 19).
    """

    def __init__(self) -> None:
        self._time = 0.0
        self._places: Floats = np.zeros(1)
        # Density times quadrature weight at each place: all mass starts at zero.
        self._mass: Floats = np.ones(1)

    def crossing(self, time: float, critical: float) -> float:
        """The probability to get this far and then lie above `critical` * sqrt(time)."""
        from scipy.special import ndtr

        spread = (time - self._time) ** 0.5
        return float(self._mass @ ndtr((self._places - critical * time**0.5) / spread))

    def step(self, time: float, critical: float) -> float:
        """Go on to the next look; returns the probability to cross there."""
        crossed = self.crossing(time, critical)
        spread = (time - self._time) ** 0.5
        low, high = -FARTHEST * time**0.5, critical * time**0.5
        nodes, weights = np.polynomial.legendre.leggauss(NODES)
        places = low + (nodes + 1) * (high - low) / 2
        steps = (places[:, None] - self._places) / spread
        density = np.exp(-(steps**2) / 2) @ self._mass / (spread * (2 * np.pi) ** 0.5)
        self._time, self._places = time, places
        self._mass = density * weights * (high - low) / 2
        return crossed
