"""A side as the next build of a history."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reports.comparing.gate import GateOutcome
from reports.gating.history import Build, History
from reports.gating.part_of_side import fingerprint, part_of
from reports.items import Items
from reports.logs.samples import Side
from tasks.errors import UserError


def known(history: History, side: Side) -> Build | None:
    """The build whose samples these are, if they are there already."""
    samples = fingerprint(side)
    return next((build for build in history.builds if build.samples == samples), None)


def next_build(history: History, side: Side, *, date: str, commit: str) -> Build:
    """The side as the history's next build, not yet judged.

    Where an earlier build was asked the same items it stands on that build's table, in its order.
    UserError where an item belongs to another cluster than before.
    """
    items = replace(side.items, gold=np.full(len(side.items), "", dtype=object))
    place = {item: at for at, item in enumerate(items)}
    tables = {id(build.items): build.items for build in history.builds}.values()
    for table in tables:
        _refuse_other_clusters(table, side)
    for table in tables:
        if len(table) == len(items) and all(item in place for item in table):
            order = np.array([place[item] for item in table])
            side, items = part_of(side, order), table
            break
    as_written = side.as_written if history.answers == "as_written" else None
    return Build(
        number=len(history.builds) + 1,
        name=side.name,
        samples=fingerprint(side),
        date=date,
        commit=commit,
        anchor=not history.builds,
        outcome=None,
        told="",
        seeds=side.seeds,
        items=items,
        correct=side.correct if as_written is None else as_written.correct,
    )


def _refuse_other_clusters(table: Items, side: Side) -> None:
    """UserError where an item moved: forgotten clusters would make every bound too narrow."""
    before = dict(zip(table.keys, table.cluster, strict=True))
    for key, own in zip(side.items.keys, side.items.cluster, strict=True):
        if (known := before.get(key, own)) != own:
            raise UserError(
                f"{side.name}: cluster of item {key.id!r} is {own!r}, in the history {known!r}; "
                "give the --cluster that it was begun with, or begin a new file"
            )


def with_build(
    history: History, build: Build, outcome: GateOutcome | None, told: str, *, anchor: bool
) -> History:
    """The history with a build as it was judged; one that failed does not become an anchor."""
    anchor = build.anchor or (anchor and outcome != "FAIL")
    judged = replace(build, outcome=outcome, told=told, anchor=anchor)
    return replace(history, builds=(*history.builds, judged))


def made_anchor(history: History, build: Build) -> History:
    """The history with one of its builds made an anchor for those to come."""
    changed = replace(build, anchor=True)
    builds = (changed if each is build else each for each in history.builds)
    return replace(history, builds=tuple(builds))


def before(history: History, build: Build) -> History:
    """The history as it was when the build came."""
    return replace(history, builds=history.builds[: build.number - 1])
