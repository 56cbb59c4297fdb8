"""Several systems on the same items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.logs.samples import KEY, Side
from reports.logs.scorers import UNKNOWN, refuse_other_scores
from tasks.errors import UserError

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Joined:
    """Systems over common items, in the order of `items`.

    `correct` and `responses` hold one (seeds, items) array a system. `left_out` counts, for each
    system, its items that others lack; it is 0 throughout unless an intersection was asked for.
    """

    names: tuple[str, ...]
    items: pd.DataFrame
    correct: tuple[NDArray[np.bool_], ...]
    responses: tuple[NDArray[np.int64], ...]
    left_out: tuple[int, ...]


def join(sides: Sequence[Side], *, intersect: bool = False) -> Joined:
    """Join by task, id and doc hash, never by row order.

    UserError where the systems were not asked the same items, unless the intersection is wanted; where
    they have no item in common, disagree on an item's suite, role or cluster, or got other scores for
    the same responses to all items of a task.
    """
    indices = [pd.MultiIndex.from_frame(side.items[KEY]) for side in sides]
    common = indices[0]
    for index in indices[1:]:
        common = common.intersection(index, sort=False)
    if not len(common):
        raise UserError(f"{_pair(sides)}: no item in common; {_why_none(sides)}")
    left_out = tuple(len(index) - len(common) for index in indices)
    if any(left_out) and not intersect:
        raise UserError(_mismatch(sides, indices, common))
    rows = [index.get_indexer(common) for index in indices]
    items = sides[0].items.iloc[rows[0]].reset_index(drop=True)
    for side, order in zip(sides[1:], rows[1:], strict=True):
        _refuse_disagreement(items, side.items.iloc[order].reset_index(drop=True), side.name)
    joined = Joined(
        names=tuple(side.name for side in sides),
        items=items,
        correct=tuple(side.correct[:, order] for side, order in zip(sides, rows, strict=True)),
        responses=tuple(side.responses[:, order] for side, order in zip(sides, rows, strict=True)),
        left_out=left_out,
    )
    _refuse_other_scorers(sides, joined)
    return joined


def _mismatch(
    sides: Sequence[Side], indices: Sequence[pd.MultiIndex], common: pd.MultiIndex
) -> str:
    parts = []
    for side, index in zip(sides, indices, strict=True):
        if len(extra := index.difference(common, sort=False)):
            few = ", ".join(f"{task} {item}" for task, item, _ in extra[:SHOWN])
            parts.append(f"{len(extra)} of {len(index)} items of {side.name} ({few})")
    return (
        f"not the same items: {' and '.join(parts)} are not in all others; evaluate all on the same "
        "items, or compare the common ones with --intersect"
    )


def _why_none(sides: Sequence[Side]) -> str:
    first, second = (set(side.items["task"]) for side in sides[:2])
    if not first & second:
        return f"the tasks are {', '.join(sorted(first))} and {', '.join(sorted(second))}"
    return "ids or doc hashes differ, so these are other questions under the same task names"


def _refuse_disagreement(items: pd.DataFrame, others: pd.DataFrame, name: str) -> None:
    for column in ("suite", "role", "cluster"):
        differs = (items[column] != others[column]).to_numpy()
        if differs.any():
            row = int(differs.argmax())
            raise UserError(
                f"{name}: {column} of item {items['id'][row]!r} is {others[column][row]!r}, "
                f"elsewhere {items[column][row]!r}"
            )


def _refuse_other_scorers(sides: Sequence[Side], joined: Joined) -> None:
    for task, places in joined.items.groupby("task", sort=False).indices.items():
        for side, correct, responses in zip(
            sides[1:], joined.correct[1:], joined.responses[1:], strict=True
        ):
            refuse_other_scores(
                [f"{each.name} ({each.scorers.get(task, UNKNOWN)})" for each in (sides[0], side)],
                str(task),
                [scores[:, places] for scores in (joined.correct[0], correct)],
                [said[:, places] for said in (joined.responses[0], responses)],
            )


def _pair(sides: Sequence[Side]) -> str:
    return " and ".join(side.name for side in sides)
