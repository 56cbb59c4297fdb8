"""Several systems on the same items."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.items import ItemKey, Items
from reports.logs.samples import AsWritten, Side
from reports.logs.scorers import UNKNOWN, refuse_other_scores
from reports.statistics.answers import IN_WORDS, Answers
from reports.statistics.scale import Correct, Scale, as_marks, scale_of
from tasks.errors import UserError

SHOWN = 3
CLUSTERED = "; a baseline file keeps the clusters that it was saved with, save it anew"


@dataclass(frozen=True, slots=True)
class Joined:
    """Systems over common items, in the order of `items`.

    `correct`, `responses` and `read` hold one (seeds, items) array a system, `read` None for one
    whose logs do not tell which answers were read. `as_written` holds each system's outcomes
    without forced answers, None where it has none. `left_out` counts, for each system, its items
    that others lack; it is 0 throughout unless an intersection was asked for. `turned`: lower
    scores are better, and `correct` holds them turned round, so that more is better throughout.
    """

    names: tuple[str, ...]
    items: Items
    correct: tuple[Correct, ...]
    responses: tuple[NDArray[np.int64], ...]
    left_out: tuple[int, ...]
    read: tuple[NDArray[np.bool_] | None, ...]
    as_written: tuple[AsWritten | None, ...]
    turned: bool = False

    @property
    def scale(self) -> Scale:
        """What values the outcomes take."""
        return replace(scale_of(self.correct), turned=self.turned)

    def lower_is_better(self) -> Joined:
        """The same with the outcomes turned round.

        What rests on right answers, golds and which answers were read, is then not known.
        """
        pivot = self.scale.pivot
        return replace(
            self,
            items=replace(self.items, gold=np.full(len(self.items), "", dtype=object)),
            correct=tuple(_turned(correct, pivot) for correct in self.correct),
            read=(None,) * len(self.names),
            as_written=tuple(
                written and written._replace(correct=~written.correct)
                for written in self.as_written
            ),
            turned=True,
        )

    def answered(self, answers: Answers) -> Joined:
        """The same with answers counted so: `correct` and `read` are then as written, too."""
        if answers == "forced" or not self.forced:
            return self
        sides = list(zip(self.as_written, self.correct, self.read, strict=True))
        return replace(
            self,
            correct=tuple(written.correct if written else correct for written, correct, _ in sides),
            read=tuple(written.read if written else read for written, _, read in sides),
        )

    @property
    def forced(self) -> bool:
        """Whether any answer of any side was forced."""
        return any(side is not None for side in self.as_written)


def join(sides: Sequence[Side], *, intersect: bool = False) -> Joined:
    """Join by the items' keys, never by row order.

    UserError where the systems were not asked the same items, unless the intersection is wanted;
    where they have no item in common, disagree on an item's suite, role or cluster, or got other
    scores for the same responses to all items of a task.
    """
    places = [{key: place for place, key in enumerate(side.items.keys)} for side in sides]
    _refuse_disagreement(sides, places)
    common = [key for key in places[0] if all(key in of_side for of_side in places[1:])]
    if not common:
        raise UserError(f"{_pair(sides)}: no item in common; {_why_none(sides)}")
    left_out = tuple(len(of_side) - len(common) for of_side in places)
    if any(left_out) and not intersect:
        raise UserError(_mismatch(sides, places, set(common)))
    rows = [np.array([of_side[key] for key in common]) for of_side in places]
    joined = Joined(
        names=tuple(side.name for side in sides),
        items=_with_golds(sides, rows),
        correct=tuple(side.correct[:, order] for side, order in zip(sides, rows, strict=True)),
        responses=tuple(side.responses[:, order] for side, order in zip(sides, rows, strict=True)),
        left_out=left_out,
        read=tuple(
            None if side.read is None else side.read[:, order]
            for side, order in zip(sides, rows, strict=True)
        ),
        as_written=tuple(
            side.as_written and AsWritten(*(marks[:, order] for marks in side.as_written))
            for side, order in zip(sides, rows, strict=True)
        ),
    )
    for answers in IN_WORDS:
        _refuse_other_scorers(sides, joined.answered(answers))
    return joined


def _turned(correct: Correct, pivot: float) -> Correct:
    marks = as_marks(correct)
    return np.asarray(pivot - correct, dtype=float) if marks is None else ~marks


def _with_golds(sides: Sequence[Side], rows: Sequence[NDArray[np.int64]]) -> Items:
    """The first side's items, with golds from whichever side tells them."""
    items = sides[0].items[rows[0]]
    for side, order in zip(sides[1:], rows[1:], strict=True):
        known = side.items.gold[order]
        items = replace(items, gold=np.where(items.gold == "", known, items.gold))
    return items


def _mismatch(
    sides: Sequence[Side], places: Sequence[Mapping[ItemKey, int]], common: Collection[ItemKey]
) -> str:
    parts = []
    for side, of_side in zip(sides, places, strict=True):
        if extra := [key for key in of_side if key not in common]:
            few = ", ".join(f"{key.task} {key.id}" for key in extra[:SHOWN])
            parts.append(f"{len(extra)} of {len(of_side)} items of {side.name} ({few})")
    return (
        f"not the same items: {' and '.join(parts)} are not in all others; evaluate all on the "
        "same items, or compare the common ones with --intersect"
    )


def _why_none(sides: Sequence[Side]) -> str:
    first, second = (set(side.items.task) for side in sides[:2])
    if not first & second:
        return f"the tasks are {', '.join(sorted(first))} and {', '.join(sorted(second))}"
    return "ids or doc hashes differ, so these are other questions under the same task names"


def _refuse_disagreement(sides: Sequence[Side], places: Sequence[Mapping[ItemKey, int]]) -> None:
    """The same question of the same task has one suite, role and cluster on all sides.

    Suites of one side may share questions; each is held against that of its own suite.
    """
    first = sides[0].items
    in_any_suite = {key[1:]: place for key, place in places[0].items()}
    for side, of_side in zip(sides[1:], places[1:], strict=True):
        told = (places[0].get(key, in_any_suite.get(key[1:], -1)) for key in of_side)
        elsewhere = np.fromiter(told, np.int64, len(of_side))
        own, others = side.items[elsewhere >= 0], first[elsewhere[elsewhere >= 0]]
        for column in ("suite", "role", "cluster"):
            differ = np.flatnonzero(getattr(own, column) != getattr(others, column))
            if len(differ):
                item, other = own.at(differ[0]), others.at(differ[0])
                raise UserError(
                    f"{side.name}: {column} of item {item.id!r} is {getattr(item, column)!r}, "
                    f"elsewhere {getattr(other, column)!r}"
                    + (CLUSTERED if column == "cluster" else "")
                )


def _refuse_other_scorers(sides: Sequence[Side], joined: Joined) -> None:
    for task in dict.fromkeys(joined.items.task):
        places = np.flatnonzero(joined.items.task == task)
        for side, correct, responses in zip(
            sides[1:], joined.correct[1:], joined.responses[1:], strict=True
        ):
            refuse_other_scores(
                [f"{each.name} ({each.scorers.get(task, UNKNOWN)})" for each in (sides[0], side)],
                task,
                [scores[:, places] for scores in (joined.correct[0], correct)],
                [said[:, places] for said in (joined.responses[0], responses)],
            )


def _pair(sides: Sequence[Side]) -> str:
    return " and ".join(side.name for side in sides)
