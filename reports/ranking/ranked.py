"""A leaderboard: scores, ranks with intervals, and groups of systems that cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from reports.comparing.cautions import LOWER_IS_BETTER, cautions
from reports.comparing.compared import short_names
from reports.logs.joined import Joined, join
from reports.logs.samples import Side
from reports.rendering.as_json import flat
from reports.statistics.contrast import Claim
from reports.statistics.groups import letters, rank_bounds
from reports.statistics.intervals import Interval, mean_score
from reports.statistics.item_design import ItemDesign
from reports.statistics.scale import Correct, Scale
from reports.statistics.simultaneous import Adjustment, AllPairs, all_pairs
from reports.statistics.weights import EVERYTHING, design_of

SCHEMA = "cascod-rank/1"


@dataclass(frozen=True, slots=True)
class Place:
    """One system: where it stands, from `best_rank` to `worst_rank` with 95% confidence for all
    systems together, its score with the 95% interval of it alone, and its groups' letters.
    """

    name: str
    source: str
    seeds: int
    rank: int
    best_rank: int
    worst_rank: int
    score: Interval = field(metadata=flat("lower", "upper", value="score"))
    groups: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The difference better - worse of two systems by score, with its simultaneous interval."""

    better: str
    worse: str
    difference: Interval = field(metadata=flat("lower", "upper", value="difference"))
    p: float
    p_adjusted: float
    differ: bool


@dataclass(frozen=True, slots=True)
class Ranked:
    """Everything a ranking says; `places` and `pairs` go from the best system to the worst."""

    places: tuple[Place, ...]
    pairs: tuple[Pair, ...]
    items: int
    clusters: int
    tasks: int
    claim: Claim
    adjustment: Adjustment
    scale: Scale
    notes: tuple[str, ...]
    schema: str = SCHEMA


def rank_sides(
    sides: Sequence[Side],
    *,
    intersect: bool,
    rng: np.random.Generator,
    lower_is_better: bool = False,
) -> Ranked:
    """Join two sides or more and rank them over all items; UserError where they cannot be
    joined.
    """
    joined = replace(
        join(sides, intersect=intersect), names=tuple(short_names([side.name for side in sides]))
    )
    if lower_is_better:
        joined = joined.lower_is_better()
    chosen, design = design_of(joined.items, EVERYTHING)
    scores = [float(each[:, chosen].mean(axis=0) @ design.weight) for each in joined.correct]
    order = sorted(range(len(sides)), key=lambda system: (-scores[system], joined.names[system]))
    outcomes = [joined.correct[system][:, chosen] for system in order]
    scale = joined.scale
    pairs = all_pairs(outcomes, design, scale, rng, _identical(joined, order))
    return Ranked(
        places=tuple(_places(sides, joined, order, outcomes, design, pairs)),
        pairs=tuple(_pairs([joined.names[system] for system in order], pairs)),
        items=len(joined.items),
        clusters=len(set(joined.items.cluster)),
        tasks=len(joined.items.tasks),
        claim=pairs.claim,
        adjustment=pairs.adjustment,
        scale=scale,
        notes=tuple(dict.fromkeys(_notes(sides, joined))),
    )


def _identical(joined: Joined, order: Sequence[int]) -> np.ndarray:
    """The pairs (P,) of systems, in this order, that gave the same responses throughout."""
    said = [joined.responses[system].tobytes() for system in order]
    first, second = np.triu_indices(len(order), 1)
    return np.array([said[a] == said[b] for a, b in zip(first, second, strict=True)])


def _places(
    sides: Sequence[Side],
    joined: Joined,
    order: Sequence[int],
    outcomes: Sequence[Correct],
    design: ItemDesign,
    pairs: AllPairs,
) -> Iterator[Place]:
    differ = np.zeros((len(order), len(order)), bool)
    differ[pairs.first, pairs.second] = pairs.differ
    bounds, groups = rank_bounds(differ), letters(differ)
    for place, system in enumerate(order):
        own = outcomes[place]
        if pairs.claim == "checkpoint":
            own = own.mean(axis=0, keepdims=True) if len(own) > 1 else own
        best, worst = bounds[place]
        yield Place(
            name=joined.names[system],
            source=sides[system].name,
            seeds=len(sides[system].seeds),
            rank=place + 1,
            best_rank=best,
            worst_rank=worst,
            score=_as_logged(mean_score(own, design, joined.scale), joined.scale),
            groups=groups[place],
        )


def _as_logged(found: Interval, scale: Scale) -> Interval:
    lower, upper = sorted(scale.as_logged(end) for end in (found.lower, found.upper))
    return Interval(scale.as_logged(found.value), lower, upper)


def _pairs(names: Sequence[str], pairs: AllPairs) -> Iterator[Pair]:
    rows = zip(
        *(pairs.first, pairs.second, pairs.value, pairs.lower, pairs.upper),
        *(pairs.p, pairs.p_adjusted, pairs.differ),
        strict=True,
    )
    for first, second, value, lower, upper, p, adjusted, differ in rows:
        yield Pair(
            better=names[first],
            worse=names[second],
            difference=Interval(float(value), float(lower), float(upper)),
            p=float(p),
            p_adjusted=float(adjusted),
            differ=bool(differ),
        )


def _notes(sides: Sequence[Side], joined: Joined) -> Iterator[str]:
    if joined.turned:
        yield LOWER_IS_BETTER
    for side in sides:
        yield from side.warnings
    yield from cautions(sides, joined)
    for side, left_out in zip(sides, joined.left_out, strict=True):
        if left_out:
            yield f"{side.name}: {left_out:,} items that others lack are left out"
        yield from (f"{side.name}: {note}" for note in side.notes)
    if (suites := len(joined.items.suites)) > 1:
        yield f"{suites} suites weigh the same, and items weigh the same within one"
