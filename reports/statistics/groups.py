"""Ranks and groups of systems from which of their pairs are told apart."""

from __future__ import annotations

from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


def rank_bounds(better: Bools) -> list[tuple[int, int]]:
    """The ranks that each of S systems may have, from `better` (S, S): row is above column.

    From 1 + those told to be above it to S - those told to be below it; all of them hold together
    as often as the decisions on pairs do (Mogstad, Romano, Shaikh and Wilhelm 2024, "Inference for
    ranks").
    """
    systems = len(better)
    above, below = better.sum(axis=0), better.sum(axis=1)
    return [(1 + int(a), systems - int(b)) for a, b in zip(above, below, strict=True)]


def letters(differ: Bools) -> list[str]:
    """The compact letter display of S systems, best first, from which differ (S, S).

    A letter for each largest group no two of which differ, so that two systems share one if and
    only if they cannot be told apart. By inserting and absorbing (Piepho 2004, "An algorithm for a
    letter-based representation of all-pairwise comparisons").
    """
    groups = [frozenset(range(len(differ)))]
    for pair in map(set, np.argwhere(np.triu(differ)).tolist()):
        kept = [group for group in groups if not pair <= group]
        split = [group - {out} for group in groups if pair <= group for out in pair]
        groups = _largest([*kept, *split])
    groups.sort(key=sorted)
    return [
        "".join(_letter(number) for number, group in enumerate(groups) if system in group)
        for system in range(len(differ))
    ]


def _largest(groups: list[frozenset[int]]) -> list[frozenset[int]]:
    """Without those that another one holds."""
    return [group for group in set(groups) if not any(group < other for other in groups)]


def _letter(number: int) -> str:
    """a to z, then a1 to z1, and so on."""
    turn, place = divmod(number, len(ascii_lowercase))
    return ascii_lowercase[place] + (str(turn) if turn else "")
