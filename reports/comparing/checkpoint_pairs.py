"""Two single checkpoints on the same items: the classical table, tests and beliefs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from reports.logs.joined import Joined
from reports.rendering.as_json import flat
from reports.statistics.bayesian import Belief, paired_belief
from reports.statistics.intervals import Interval
from reports.statistics.paired_proportions import PairedTable, mcnemar_mid_p, tango_interval
from reports.statistics.scale import as_marks


@dataclass(frozen=True, slots=True)
class CheckpointPair:
    """Two single checkpoints, every item counted once and taken as independent."""

    treatment: str
    baseline: str
    both_right: int
    treatment_only: int
    baseline_only: int
    both_wrong: int
    difference: Interval = field(metadata=flat("lower", "upper", value="difference"))
    mid_p: float
    belief: Belief


def checkpoint_pairs(joined: Joined, rng: np.random.Generator) -> list[CheckpointPair]:
    """The classical table of each system and the first, where both are single checkpoints and all
    answers right or wrong: McNemar's, Tango's and Bayes' formulas hold of nothing else.
    """
    pairs = []
    baseline = as_marks(joined.correct[0])
    for name, outcomes in zip(joined.names[1:], joined.correct[1:], strict=True):
        marks = as_marks(outcomes)
        if marks is not None and baseline is not None and len(marks) == len(baseline) == 1:
            new, old = marks[0], baseline[0]
            table = PairedTable(
                both=int((new & old).sum()),
                first=int((new & ~old).sum()),
                second=int((~new & old).sum()),
                neither=int((~new & ~old).sum()),
            )
            pairs.append(
                CheckpointPair(
                    treatment=name,
                    baseline=joined.names[0],
                    both_right=table.both,
                    treatment_only=table.first,
                    baseline_only=table.second,
                    both_wrong=table.neither,
                    difference=Interval(table.difference, *tango_interval(table)),
                    mid_p=mcnemar_mid_p(table),
                    belief=paired_belief(table, margin=0.0, rng=rng),
                )
            )
    return pairs
