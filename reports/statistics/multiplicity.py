"""Many comparisons at once: p values adjusted for a family of m tests, in the order given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment: below alpha with at most alpha chance if no effect is real.

    For a confirmatory family. Holm 1979, "A simple sequentially rejective multiple test procedure".
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    return [float(value) for value in np.minimum(adjusted, 1.0)]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The false-discovery-rate adjustment: of what is called found, at most alpha is expected
    false.

    For exploratory tables. Benjamini and Hochberg 1995, "Controlling the false discovery rate".
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")[::-1]
    adjusted = np.empty_like(p)
    ranks = np.arange(len(p), 0, -1)
    adjusted[order] = np.minimum.accumulate(p[order] * len(p) / ranks)
    return [float(value) for value in np.minimum(adjusted, 1.0)]
