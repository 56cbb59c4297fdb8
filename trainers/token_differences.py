"""Where two sequences of tokens differ, by their edit distance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def shared_places(one: Sequence[int], other: Sequence[int]) -> tuple[list[int], list[int]]:
    """The places in each sequence of what both have in common: what a shortest edit leaves alone.

    Of the shortest edits from `one` to `other` (a token deleted, inserted or replaced costs 1) the
    one that, told from the end, deletes wherever it can, else keeps or replaces, else inserts.
    """
    distance = _distances(one, other)
    in_one, in_other = [], []
    i, j = len(one), len(other)
    while i and j:
        if distance[i, j] == distance[i - 1, j] + 1:
            i -= 1
        elif distance[i, j] == distance[i - 1, j - 1] + (one[i - 1] != other[j - 1]):
            i, j = i - 1, j - 1
            if one[i] == other[j]:
                in_one.append(i)
                in_other.append(j)
        else:
            j -= 1
    return in_one[::-1], in_other[::-1]


def _distances(one: Sequence[int], other: Sequence[int]) -> np.ndarray:
    """Edit distances of all beginnings, (len(one) + 1, len(other) + 1)."""
    columns = np.arange(len(other) + 1)
    wanted = np.asarray(other, dtype=np.int64)
    table = np.empty((len(one) + 1, len(other) + 1), dtype=np.int64)
    table[0] = columns
    for i, token in enumerate(one, start=1):
        before = table[i - 1]
        row = before + 1
        row[1:] = np.minimum(row[1:], before[:-1] + (wanted != token))
        # Insertions go on from the best place to the left, each for 1.
        table[i] = np.minimum.accumulate(row - columns) + columns
    return table
