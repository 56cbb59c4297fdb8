"""Sides from a table of scores: one row an item and system, whoever scored it.

Columns `item`, `system` and `score`; where there are several of them `seed` (a training run),
`task`, `suite` and `cluster`. Rows of one item, system and seed are draws.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reports.items import Item
from reports.logs.columns import ENDINGS, Columns, read_columns
from reports.logs.logged_sample import FOREIGN_ROLE, response_hash
from reports.logs.sample_texts import no_texts
from reports.logs.samples import LARGEST_SCORE, Outcome, Side, score_in, side_of
from tasks.errors import UserError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TASK = "scores"
_TABLE = re.compile(
    rf"(?P<path>.+?({'|'.join(map(re.escape, ENDINGS))}))(#(?P<system>.+))?", re.IGNORECASE
)
_WORDS = {"true": 1.0, "false": 0.0}


class _Asked(NamedTuple):
    """A table's items in the order of their keys, a hash of each key, and the place (rows,) of each
    row's item among them.
    """

    items: Sequence[Item]
    hashes: Ints
    places: Ints


class TablePlace(NamedTuple):
    """A table, and which of its systems is meant; None for its only one."""

    path: Path
    system: str | None


def table_place(path: Path) -> TablePlace | None:
    """What a path such as `scores.csv#student` means; None where it is no table."""
    match = _TABLE.fullmatch(str(path))
    return match and TablePlace(Path(match["path"]), match["system"])


def read_table_sides(
    path: Path, *, metric: str | None = None, cluster: str | None = None
) -> dict[str, Side]:
    """The systems of a table, by name, in the order of their first rows.

    `metric` is the column of scores (by default `score`), `cluster` that of clusters. UserError
    with the file and the line of a score that is no finite number.
    """
    metric, cluster = (metric or "score").lower(), (cluster or "cluster").lower()
    columns = read_columns(path)
    columns.needed("item", "system", metric, *((cluster,) if cluster != "cluster" else ()))
    scores = _scores(columns, metric)
    asked = _asked(columns, cluster)
    systems, seeds = (columns.words(name) or [""] * len(scores) for name in ("system", "seed"))
    rows: dict[str, dict[str, list[int]]] = {}
    for row, (system, seed) in enumerate(zip(systems, seeds, strict=True)):
        rows.setdefault(system, {}).setdefault(seed, []).append(row)
    sides = {}
    for system, of_seeds in rows.items():
        runs = {
            seed: _outcomes(system, seed, asked, own, scores[own]) for seed, own in of_seeds.items()
        }
        tasks = {outcome.item.task for run in runs.values() for outcome in run}
        scorers = dict.fromkeys(tasks, f"column {metric}")
        sides[system] = side_of(f"{path}#{system}", runs, no_texts, (), scorers, {})
    return sides


def read_table_side(
    place: TablePlace, *, metric: str | None = None, cluster: str | None = None
) -> Side:
    """One system of a table; UserError where it must be named, or is not there."""
    sides = read_table_sides(place.path, metric=metric, cluster=cluster)
    known = ", ".join(sides)
    if place.system is None and len(sides) > 1:
        raise UserError(
            f"{place.path}: holds {len(sides)} systems ({known}); name one, as in "
            f"{place.path.name}#{next(iter(sides))}"
        )
    if place.system is None:
        return next(iter(sides.values()))
    if place.system not in sides:
        raise UserError(f"{place.path}: no system {place.system!r}; it has {known}")
    return sides[place.system]


def _outcomes(
    system: str, seed: str, asked: _Asked, rows: Sequence[int], scores: Floats
) -> list[Outcome]:
    """The outcomes of one run, with one of the `scores` for each of its `rows`, in the order of its
    items' first rows.

    A table holds no responses: two runs are the same only where a system's seed has the same
    scores throughout, in whatever order its rows stand.
    """
    items, first, place = np.unique(asked.places[rows], return_index=True, return_inverse=True)
    draws = np.bincount(place)
    if draws.max() > 1:  # the last digits of a sum depend on its order
        order = np.lexsort((scores, place))
        place, scores = place[order], scores[order]
    means = np.bincount(place, scores) / draws
    run = repr((system, seed)).encode()
    scored = (asked.hashes[items], means, draws)
    response = response_hash(run + b"".join(each.tobytes() for each in scored))
    outcomes = [
        Outcome(asked.items[item], score, response, draws=drawn)
        for item, score, drawn in zip(items, means.tolist(), draws.tolist(), strict=True)
    ]
    return [outcomes[each] for each in np.argsort(first)]


def _asked(columns: Columns, cluster: str) -> _Asked:
    names = columns.words("item") or ()
    suites, tasks, clusters = (columns.words(name) for name in ("suite", "task", cluster))
    tasks = tasks or suites or [TASK] * len(names)
    suites = suites or tasks
    known: dict[tuple[str, str, str], Item] = {}
    for row, key in enumerate(zip(suites, tasks, names, strict=True)):
        own = clusters[row] if clusters else ""
        if (item := known.get(key)) is None:
            suite, task, name = key
            if not (name and task and suite):
                raise UserError(f"{columns.where(row)}: an item without a name, task or suite")
            known[key] = Item(suite, FOREIGN_ROLE, task, name, own or f"{task}/{name}")
        elif own and item.cluster != own:
            raise UserError(f"{columns.where(row)}: item {item.id!r} has two clusters")
    keys = sorted(known)
    place = {key: number for number, key in enumerate(keys)}
    return _Asked(
        [known[key] for key in keys],
        np.array([response_hash(repr(key).encode()) for key in keys]),
        np.array([place[key] for key in zip(suites, tasks, names, strict=True)]),
    )


def _scores(columns: Columns, metric: str) -> Floats:
    cells = columns.cells[metric]
    with suppress(TypeError, ValueError, OverflowError):
        scores = np.array([*map(float, cells)])
        if (np.abs(scores) <= LARGEST_SCORE).all():
            return scores
    # Words for right and wrong, or a score that is none: its row is told.
    return np.array([_score(cell, metric, columns, row) for row, cell in enumerate(cells)])


def _score(cell: Any, metric: str, columns: Columns, row: int) -> float:
    try:
        value = float(_WORDS.get(cell.strip().lower(), cell) if isinstance(cell, str) else cell)
    except (TypeError, ValueError, OverflowError):
        raise UserError(f"{columns.where(row)}: {metric} is {cell!r}, which is no number") from None
    return score_in(value, metric, columns.where(row))
