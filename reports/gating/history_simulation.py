"""How soon a slow decay is found, and how often nothing is taken for one: simulated histories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.gating.history import Build, History
from reports.gating.night import NIGHTS, Night, judge
from reports.items import Item, Items

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

MARGIN = 0.02
RIGHT = 0.6
# Of two nights' answers 20% are right on one of them alone: each strays with this probability.
STRAY = 0.113
# Builds that are made anchors: by the calendar, not by what they scored.
ANCHORS = (1, 11, 21)


@dataclass(frozen=True, slots=True)
class Series:
    """Thirty nights after a first build: a true loss each night, training luck of a night as its
    standard deviation, both in accuracy; training seeds a night, items, and items a cluster.

    `best`: the anchor is whichever build scored best so far, as no gate should choose it. `before`:
    so many nights came earlier, on which nothing failed.
    """

    name: str
    loss: float
    items: int
    luck: float = 0.0
    seeds: int = 1
    cluster: int = 1
    best: bool = False
    before: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Shares of simulated histories. `alarm`: any alarm in thirty nights; `untrue`: the first one
    says what is not so, a decline where nothing is lost, or a loss beyond the margin of a build
    whose luck is within it of every build that it failed against. `in_time`: one by the night at
    which the sum of losses passes one and a half margins (None where nothing is lost); `failed`:
    the gate said FAIL by then. `night`: the median night of the first alarm, None where less than
    half of the histories have one. `passed`: nights before any alarm that passed.
    """

    series: Series
    replicates: int
    alarm: float
    untrue: float
    in_time: float | None
    failed: float | None
    night: float | None
    passed: float


SERIES = (
    *(Series(f"nothing, {n:,} items", 0.0, n) for n in (1000, 2000, 3200)),
    *(Series(f"0.4 points a night, {n:,} items", 0.004, n) for n in (1000, 2000, 3200)),
    Series("nothing, 3,200 items, the best score made the anchor", 0.0, 3200, best=True),
    Series("nothing, 2,000 items in clusters of 10", 0.0, 2000, cluster=10),
    Series("0.4 points a night, 2,000 items in clusters of 10", 0.004, 2000, cluster=10),
    Series("nothing after 150 nights of nothing, 500 items", 0.0, 500, before=150),
    Series("nothing, luck of 1 point, 2,000 items, 1 seed", 0.0, 2000, luck=0.01),
    Series("nothing, luck of 1 point, 3,200 items, 1 seed", 0.0, 3200, luck=0.01),
    Series("nothing, luck of 1 point, 1,000 items, 3 seeds", 0.0, 1000, luck=0.01, seeds=3),
    Series("0.4 points, luck of 1 point, 1,000 items, 3 seeds", 0.004, 1000, luck=0.01, seeds=3),
)


def due(loss: float) -> int:
    """The night at which the sum of losses passes one and a half margins."""
    return int(np.floor(1.5 * MARGIN / loss + 1e-9)) + 1


def simulate_history(series: Series, replicates: int, rng: np.random.Generator) -> Found:
    """Simulate so many histories."""
    items = Items.of(
        Item("s", "ood", "t", str(i), cluster=str(i // series.cluster)) for i in range(series.items)
    )
    first, fails, passes, untrue = [], [], [], []
    for _ in range(replicates):
        nights, lies = [], []
        for night, losses in _nights(series, items, rng):
            nights.append(night)
            lies.append(not series.loss and not _lost_the_margin(night, losses))
            if night.outcome == "FAIL":
                break
        alarms = [
            n for n, night in enumerate(nights, 1) if night.decline or night.outcome == "FAIL"
        ]
        first.append(alarms[0] if alarms else np.inf)
        untrue.append(bool(alarms) and lies[alarms[0] - 1])
        fails.append(len(nights) if nights[-1].outcome == "FAIL" else np.inf)
        quiet = nights[: alarms[0] - 1] if alarms else nights
        passes += [night.outcome == "PASS" for night in quiet]
    median = float(np.median(first))
    by = due(series.loss) if series.loss else None
    return Found(
        series=series,
        replicates=replicates,
        alarm=float(np.mean(np.isfinite(first))),
        untrue=float(np.mean(untrue)),
        in_time=None if by is None else float(np.mean(np.array(first) <= by)),
        failed=None if by is None else float(np.mean(np.array(fails) <= by)),
        night=median if np.isfinite(median) else None,
        passed=float(np.mean(passes)) if passes else 0.0,
    )


def _lost_the_margin(night: Night, losses: Floats) -> bool:
    """Whether the last build truly lost more than the margin against one that it failed against;
    a decline that is said is none.
    """
    failed = [each.build.number for each in night.held if each.decision.outcome == "FAIL"]
    since = [losses[-1] - losses[number - 1] for number in failed]
    return night.decline is None and max(since, default=0.0) > MARGIN


def _nights(
    series: Series, items: Items, rng: np.random.Generator
) -> Iterator[tuple[Night, Floats]]:
    """Each night, and the true losses (builds,) up to it."""
    n = len(items)
    clusters = n // series.cluster
    own = rng.random(n) < RIGHT
    shared = np.repeat(rng.random(clusters) < RIGHT, series.cluster)
    # Half of a cluster's items are alike, so that items of one are not independent.
    right = np.where(rng.random(n) < 0.5, own, shared) if series.cluster > 1 else own
    nights = series.before + NIGHTS
    luck = rng.normal(0, series.luck, (nights + 1, series.seeds))
    losses = series.loss * np.arange(nights + 1)[:, None] + luck
    builds = [
        _build(series, items, right, number, losses[number - 1], rng)
        for number in range(1, series.before + 2)
    ]
    for night in range(series.before + 1, nights + 1):
        candidate = _build(series, items, right, night + 1, losses[night], rng)
        found = judge(History(MARGIN, "forced", tuple(builds)), candidate)
        yield found, losses[: night + 1].mean(axis=1)
        builds.append(candidate)
        if series.best:
            best = max(builds, key=lambda build: float(build.correct.mean()))
            builds = [replace(build, anchor=build is best) for build in builds]


def _build(
    series: Series,
    items: Items,
    right: Bools,
    number: int,
    losses: Floats,
    rng: np.random.Generator,
) -> Build:
    """A build whose seeds lose so much (seeds,)."""
    n = len(items)
    # A cluster strays together in part, anew every night.
    clusters = n // series.cluster
    alike = np.repeat(rng.random((series.seeds, clusters)) < STRAY, series.cluster, axis=1)
    alone = rng.random((series.seeds, n)) < STRAY
    together = (series.cluster > 1) * 0.5
    strays = np.where(rng.random((series.seeds, n)) < together, alike, alone)
    lost = losses[:, None]
    correct = right ^ strays
    # Items that would be right turn wrong, or the reverse, so that accuracy changes by `lost`.
    turned = rng.random((series.seeds, n)) < np.abs(lost) / np.where(
        lost > 0, correct.mean(axis=1, keepdims=True), 1 - correct.mean(axis=1, keepdims=True)
    )
    correct = np.where(turned, lost < 0, correct)
    return Build(
        number=number,
        name=f"build {number}",
        samples="",
        date="",
        commit="",
        anchor=number in ANCHORS,
        outcome=None,
        told="",
        seeds=tuple(map(str, range(series.seeds))),
        items=items,
        correct=correct,
    )
