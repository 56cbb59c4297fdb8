"""What a difference may come from beside the systems: ways of asking, unread answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reports.comparing.constant import constant_accuracy
from reports.logs.asked import Asked
from reports.logs.joined import Joined
from reports.logs.samples import Side
from reports.rendering.numerals import percent, signed_points
from reports.statistics.item_design import ItemDesign
from reports.statistics.readable import Bools, ReadOutcomes, ReadSplit, split_by_reading
from reports.statistics.scale import as_marks
from reports.statistics.weights import EVERYTHING, design_of, task_design

# From this difference of unread shares on it is told how much of the result it makes up.
UNREAD = 0.05
SHOWN = 3
LOWER_IS_BETTER = "lower is better: differences are gains, above zero where the score is lower"


def cautions(sides: Sequence[Side], joined: Joined) -> list[str]:
    """A sentence for each; `joined` holds the sides by the names to be used, the baseline first."""
    everything = design_of(joined.items, EVERYTHING)
    return [
        *(
            sentence
            for system in range(1, len(sides))
            for sentence in (
                *_asked_otherwise(sides, joined, system),
                *_unread(joined, system, *everything),
            )
        ),
        *_no_better(joined, *everything),
    ]


def reading_of(joined: Joined, system: int, chosen: Bools, design: ItemDesign) -> ReadSplit | None:
    """The split by reading of a system's difference to the first; None where a log does not
    tell.
    """
    treatment, baseline = (_outcomes(joined, k, chosen) for k in (system, 0))
    if treatment is None or baseline is None:
        return None
    return split_by_reading(treatment, baseline, design)


def _outcomes(joined: Joined, system: int, chosen: Bools) -> ReadOutcomes | None:
    marks, read = as_marks(joined.correct[system]), joined.read[system]
    if marks is None or read is None:
        return None
    return ReadOutcomes(marks[:, chosen], read[:, chosen])


def _asked_otherwise(sides: Sequence[Side], joined: Joined, system: int) -> Iterator[str]:
    differing: dict[str, None] = {}
    for task, baseline in sides[0].asked.items():
        differing |= dict.fromkeys(_differing(sides[system].asked.get(task, {}), baseline))
    if differing:
        yield (
            f"{joined.names[system]} and {joined.names[0]} were asked differently: "
            f"{'; '.join(differing)}"
        )


def _differing(treatment: Asked, baseline: Asked) -> Iterator[str]:
    for fact, value in treatment.items():
        if baseline.get(fact, value) != value:
            yield f"{fact} {value} and {baseline[fact]}"


def _unread(joined: Joined, system: int, chosen: Bools, design: ItemDesign) -> Iterator[str]:
    split = reading_of(joined, system, chosen, design)
    if split is None or abs(split.treatment_unread - split.baseline_unread) <= UNREAD:
        return
    yield (
        f"{percent(split.treatment_unread)}% of the answers of {joined.names[system]} could not be "
        f"read, {percent(split.baseline_unread)}% of {joined.names[0]}: of the difference of "
        f"{signed_points(split.both_read + split.one_unread)} points "
        f"{signed_points(split.one_unread)} come from items that only one side answered readably"
    )


def _no_better(joined: Joined, everything: Bools, design: ItemDesign) -> Iterator[str]:
    """On which items a system does not beat the commonest answer: on all, else on which tasks."""
    items, scale = joined.items, joined.scale

    def constant(chosen: Bools, design: ItemDesign) -> _Constant | None:
        accuracy = constant_accuracy(items[chosen], design, scale)
        return None if accuracy is None else _Constant(chosen, design, accuracy)

    whole = constant(everything, design)
    # Two suites may have a task of one name.
    by_task = [(task, constant(*task_design(items, suite, task))) for suite, task in items.tasks]
    for name, correct in zip(joined.names, joined.correct, strict=True):
        mean = correct.mean(axis=0)
        if whole and (accuracy := whole.own(mean)) <= whole.accuracy:
            yield (
                f"{name} is no better than a constant answer: {percent(accuracy)}%, "
                f"where the commonest answer of each task scores {percent(whole.accuracy)}%"
            )
            continue
        tasks = [task for task, each in by_task if each and each.own(mean) <= each.accuracy]
        if tasks:
            more = f" and {len(tasks) - SHOWN} more" if len(tasks) > SHOWN else ""
            yield (
                f"{name} is no better than a constant answer on {len(tasks)} of "
                f"{len(items.tasks)} tasks: {', '.join(tasks[:SHOWN])}{more}"
            )


class _Constant(NamedTuple):
    """The items (n,) that are chosen, their design, and what a constant answer scores on them."""

    chosen: Bools
    design: ItemDesign
    accuracy: float

    def own(self, mean: NDArray[np.float64]) -> float:
        """A system's accuracy there, from its mean outcome (n,) of every item."""
        return float(mean[self.chosen] @ self.design.weight)
