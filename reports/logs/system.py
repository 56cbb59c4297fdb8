"""One system of a run: its outcomes on all items, one row a seed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.logs.cell_samples import FLAGS
from reports.logs.run_files import SeedRun
from reports.statistics.answers import Answers
from reports.statistics.contrast import Contrast, compare, same_responses
from reports.statistics.item_design import ItemDesign
from reports.statistics.readable import ReadOutcomes, ReadSplit, split_by_reading

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class System:
    """A (student, method); arrays have shape (seeds, items), in the order of `RunData.items`.

    `evaluated` (items,) marks the suites that this system was asked; outside them the arrays are
    False. A seed of None means that nothing was trained (an untrained student, a stored teacher).
    `correct` and `parse_ok` are with forced answers, where an answer was forced.
    """

    student: str
    method: str
    runs: tuple[SeedRun, ...]
    evaluated: Bools
    correct: Bools
    parse_ok: Bools
    rationale_truncated: Bools
    answer_truncated: Bools
    answer_forced: Bools
    correct_as_written: Bools
    parse_ok_as_written: Bools
    responses: NDArray[np.int64]

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """The training seeds, one for each row of the arrays."""
        return tuple(run.info["seed"] for run in self.runs)

    @property
    def name(self) -> str:
        """How the system is called in a message."""
        return f"{self.student} / {self.method}"

    @property
    def trained(self) -> bool:
        """Whether training seeds are part of this system at all."""
        return None not in self.seeds

    def at(self, chosen: Bools) -> System | None:
        """The system on the `chosen` items (items,) alone; None where it was not asked all of
        them.
        """
        return self.part(chosen) if self.evaluated[chosen].all() else None

    def part(self, chosen: Bools, without: Collection[int] = ()) -> System:
        """The system on the `chosen` items (items,), asked or not, without some of its seeds."""
        rows = np.array([seed not in without for seed in self.seeds])
        part = np.ix_(rows, chosen)
        return replace(
            self,
            runs=tuple(run for run, row in zip(self.runs, rows, strict=True) if row),
            evaluated=self.evaluated[chosen],
            responses=self.responses[part],
            **{flag: getattr(self, flag)[part] for flag in FLAGS},
        )

    def answered(self, answers: Answers) -> System:
        """The system with `correct` and `parse_ok` as its answers are to be counted."""
        if answers == "forced":
            return self
        return replace(self, correct=self.correct_as_written, parse_ok=self.parse_ok_as_written)


@dataclass(frozen=True, slots=True)
class Selection:
    """Systems on the items of an estimand: their arrays (seeds, items) in the order of `design`."""

    systems: tuple[System, ...]
    design: ItemDesign

    def answered(self, answers: Answers) -> Selection:
        """The same systems with their answers counted so."""
        return replace(self, systems=tuple(system.answered(answers) for system in self.systems))

    @property
    def reading(self) -> ReadSplit:
        """How much of that contrast lies where both could be read."""
        first, second = self.systems[:2]
        return split_by_reading(
            ReadOutcomes(first.correct, first.parse_ok),
            ReadOutcomes(second.correct, second.parse_ok),
            self.design,
        )

    @property
    def difference(self) -> Contrast:
        """The paired contrast of the first two systems, first - second."""
        first, second = self.systems[:2]
        return compare(
            first.correct,
            second.correct,
            self.design,
            identical=same_responses(first.responses, second.responses),
        )
