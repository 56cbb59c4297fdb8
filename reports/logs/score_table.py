"""Sides from a table of scores: one row an item and system, whoever scored it.

Columns `item`, `system` and `score`; where there are several of them `seed` (a training run),
`task`, `suite` and `cluster`. Rows of one item, system and seed are draws.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from reports.items import Item
from reports.logs.columns import ENDINGS, Columns, read_columns
from reports.logs.logged_sample import FOREIGN_ROLE, response_hash
from reports.logs.sample_texts import no_texts
from reports.logs.samples import Outcome, Side, score_in, side_of
from tasks.errors import UserError

TASK = "scores"
_TABLE = re.compile(
    rf"(?P<path>.+?({'|'.join(map(re.escape, ENDINGS))}))(#(?P<system>.+))?", re.IGNORECASE
)
_WORDS = {"true": 1.0, "false": 0.0}


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
    scores = [_score(cell, metric, columns, row) for row, cell in enumerate(columns.cells[metric])]
    items = _items(columns, cluster)
    systems, seeds = (columns.words(name) or [""] * len(items) for name in ("system", "seed"))
    drawn: dict[str, dict[str, dict[Item, list[float]]]] = {}
    for system, seed, item, score in zip(systems, seeds, items, scores, strict=True):
        drawn.setdefault(system, {}).setdefault(seed, {}).setdefault(item, []).append(score)
    return {system: _side(path, system, runs, metric) for system, runs in drawn.items()}


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


def _side(
    path: Path, system: str, runs: Mapping[str, Mapping[Item, Sequence[float]]], metric: str
) -> Side:
    return side_of(
        f"{path}#{system}",
        {seed: _outcomes(system, seed, of_items) for seed, of_items in runs.items()},
        no_texts,
        (),
        {task: f"column {metric}" for run in runs.values() for task in {i.task for i in run}},
        {},
    )


def _outcomes(system: str, seed: str, drawn: Mapping[Item, Sequence[float]]) -> list[Outcome]:
    """A table holds no responses: two runs are the same only where a system's seed has the same
    scores throughout.
    """
    said = sorted((*item, *scores) for item, scores in drawn.items())
    run = blake2b(repr((system, seed, said)).encode(), digest_size=16).digest()
    return [
        Outcome(
            item,
            sum(scores) / len(scores),
            response_hash(run + repr(item).encode()),
            draws=len(scores),
        )
        for item, scores in drawn.items()
    ]


def _items(columns: Columns, cluster: str) -> list[Item]:
    """The item of each row; equal ones are one object."""
    names = columns.words("item") or ()
    suites, tasks, clusters = (columns.words(name) for name in ("suite", "task", cluster))
    tasks = tasks or suites or [TASK] * len(names)
    suites = suites or tasks
    known: dict[tuple[str, str, str], Item] = {}
    rows = []
    for row, key in enumerate(zip(suites, tasks, names, strict=True)):
        own = clusters[row] if clusters else ""
        if (item := known.get(key)) is None:
            suite, task, name = key
            if not (name and task and suite):
                raise UserError(f"{columns.where(row)}: an item without a name, task or suite")
            item = known[key] = Item(suite, FOREIGN_ROLE, task, name, own or f"{task}/{name}")
        elif own and item.cluster != own:
            raise UserError(f"{columns.where(row)}: item {item.id!r} has two clusters")
        rows.append(item)
    return rows


def _score(cell: Any, metric: str, columns: Columns, row: int) -> float:
    try:
        value = float(_WORDS.get(cell.strip().lower(), cell) if isinstance(cell, str) else cell)
    except (TypeError, ValueError, OverflowError):
        raise UserError(f"{columns.where(row)}: {metric} is {cell!r}, which is no number") from None
    return score_in(value, metric, columns.where(row))
