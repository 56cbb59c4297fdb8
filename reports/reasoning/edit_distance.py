"""How many words separate two of k texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from reports.reasoning.word_counts import Words


def mean_edit_distance(texts: Sequence[Words]) -> float:
    """Mean over pairs of the Levenshtein distance in words over the longer text's length, in [0,
    1].

    ValueError with fewer than two texts.
    """
    from rapidfuzz.distance import Levenshtein

    if len(texts) < 2:
        raise ValueError("a distance needs at least two texts")
    return float(
        np.mean([Levenshtein.normalized_distance(a, b) for a, b in combinations(texts, 2)])
    )
