"""Cluster sign-flip test: a cross-check that assumes symmetry instead of a t distribution."""

from __future__ import annotations

import numpy as np

from reports.statistics.item_design import Floats, ItemDesign

FLIPS_AT_ONCE = 1_000


def sign_flip_p(
    values: Floats, design: ItemDesign, rng: np.random.Generator, flips: int = 9_999
) -> float:
    """The two-sided p value (c + 1) / (B + 1) of "no difference on any cluster".

    `values` (n,) are item differences between two checkpoints. The signs of whole clusters of
    weight * difference are drawn anew B = `flips` times; c draws are at least as extreme as what was
    observed. Never 0; 1 where every difference is 0. Phipson and Smyth 2010, "Permutation p-values
    should never be zero".
    """
    totals = np.bincount(design.cluster, design.weight * values)
    observed = abs(float(totals.sum()))
    # A draw that equals the observed sum must count, whatever the rounding of its additions.
    threshold = observed * (1 - 1e-12)
    extreme = 0
    for start in range(0, flips, FLIPS_AT_ONCE):
        count = min(FLIPS_AT_ONCE, flips - start)
        signs = rng.integers(0, 2, (count, len(totals))) * 2.0 - 1.0
        extreme += int((np.abs(signs @ totals) >= threshold).sum())
    return (extreme + 1) / (flips + 1)
