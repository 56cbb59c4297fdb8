"""The checkpoints that a gate has seen, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.comparing.gate import GateOutcome
from reports.items import Items
from reports.statistics.answers import Answers
from reports.statistics.scale import Correct
from tasks.errors import UserError


@dataclass(frozen=True, slots=True, eq=False)
class Build:
    """One checkpoint: what it answered, (seeds, items), and what was decided of it.

    `samples` is the fingerprint of its samples, `date` in UTC (ISO 8601), `commit` whatever the
    user noted. An `anchor` is what all later ones are held against. `outcome` is None for the
    first, which was held against nothing; `told` says why it fell so.
    """

    number: int
    name: str
    samples: str
    date: str
    commit: str
    anchor: bool
    outcome: GateOutcome | None
    told: str
    seeds: tuple[str, ...]
    items: Items
    correct: Correct

    @property
    def accepted(self) -> bool:
        """Whether later ones are held against it: all that did not fail."""
        return self.outcome != "FAIL"


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Builds in their order, the margin that holds for all, and how unfinished answers count."""

    margin: float
    answers: Answers
    builds: tuple[Build, ...]

    @property
    def anchors(self) -> list[Build]:
        """The first build and those that were made anchors, whatever they scored.

        To choose the best score among all would choose its luck as well.
        """
        return [build for build in self.builds if build.anchor]

    @property
    def accepted(self) -> list[Build]:
        """The builds that did not fail."""
        return [build for build in self.builds if build.accepted]


@dataclass(frozen=True, slots=True, eq=False)
class Common:
    """Builds on the items that all of them were asked, `correct` (seeds, n) each; `left_out` counts
    those of the last that not all were asked.
    """

    items: Items
    correct: tuple[Correct, ...]
    left_out: int


def on_common_items(builds: Sequence[Build]) -> Common:
    """The builds on their common items, in the last one's order; UserError where there are none."""
    last = builds[-1].items
    tables = {id(build.items): build.items for build in builds}
    if len(tables) == 1:
        return Common(last, tuple(build.correct for build in builds), left_out=0)
    places = {
        which: {key: place for place, key in enumerate(items.keys)}
        for which, items in tables.items()
        if items is not last
    }
    keys = last.keys
    kept = [i for i, key in enumerate(keys) if all(key in known for known in places.values())]
    if not kept:
        raise UserError(
            f"{builds[-1].name}: no item in common with build {builds[0].number} of the history; "
            "begin a new file where the questions changed"
        )
    chosen: dict[int, NDArray[np.int64]] = {
        which: np.array([known[keys[i]] for i in kept]) for which, known in places.items()
    }
    chosen[id(last)] = np.array(kept)
    return Common(
        items=last[chosen[id(last)]],
        correct=tuple(build.correct[:, chosen[id(build.items)]] for build in builds),
        left_out=len(keys) - len(kept),
    )
