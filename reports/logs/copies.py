"""Runs that say the same throughout are one run, whatever they are called."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reports.logs.scorers import refuse_other_scores
from reports.statistics.scale import Correct


def without_copies(
    where: str,
    runs: Sequence[str],
    correct: Correct,
    responses: NDArray[np.int64],
) -> tuple[list[int], list[str]]:
    """The places of the runs that count, and a note on each copy of one of them.

    Both arrays are (runs, items). UserError where copies are scored differently.
    """
    counting: dict[bytes, int] = {}
    notes = []
    for place, said in enumerate(responses):
        first = counting.setdefault(said.tobytes(), place)
        if first == place:
            continue
        pair = [runs[first], runs[place]]
        refuse_other_scores(
            pair,
            where,
            [correct[[first]], correct[[place]]],
            [responses[[first]], responses[[place]]],
        )
        notes.append(copied(*pair))
    return list(counting.values()), notes


def copied(first: str, second: str) -> str:
    """The note on two runs that count as one."""
    return f"{first} and {second} gave the same response to every item; counted once"
