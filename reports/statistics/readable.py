"""How much of a difference is reasoning, and how much answers that could not be read?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reports.statistics.item_design import ItemDesign

Bools = NDArray[np.bool_]
# From this share of unread answers on a side, it is told how much of a difference they are.
MANY_UNREAD = 0.05


class ReadOutcomes(NamedTuple):
    """One system's outcomes, each (seeds, items): an answer that was not read is never right."""

    correct: Bools
    read: Bools


class ReadSplit(NamedTuple):
    """A difference in accuracy in two parts that add up to it, and each side's unread share.

    `both_read` is what treatment gains where both answers were read, `one_unread` what it gains
    where only one was. The unread shares are plain means over items and seeds.
    """

    both_read: float
    one_unread: float
    treatment_unread: float
    baseline_unread: float

    @property
    def told(self) -> bool:
        """Whether so many answers were unread that it matters."""
        return max(self.treatment_unread, self.baseline_unread) >= MANY_UNREAD

    @property
    def about_reading(self) -> bool:
        """Whether the difference is mostly one of who gave an answer that can be read at all."""
        return self.told and abs(self.one_unread) > abs(self.both_read)


def split_by_reading(
    treatment: ReadOutcomes, baseline: ReadOutcomes, design: ItemDesign
) -> ReadSplit:
    """The split of treatment - baseline, mean over all pairs of their seeds.

    A pair of seeds k, l gains sum_i w_i r_ki r_li (y_ki - y_li) where both were read. Seeds are
    independent, so the mean over pairs is the product of means over seeds.
    """
    right, right_read = treatment.correct.mean(axis=0), treatment.read.mean(axis=0)
    other, other_read = baseline.correct.mean(axis=0), baseline.read.mean(axis=0)
    both = float((right * other_read - right_read * other) @ design.weight)
    total = float((right - other) @ design.weight)
    return ReadSplit(
        both_read=both,
        one_unread=total - both,
        treatment_unread=1 - float(treatment.read.mean()),
        baseline_unread=1 - float(baseline.read.mean()),
    )
