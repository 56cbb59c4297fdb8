"""Any systems against the first of them: what `cascod compare` finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np

from reports.comparing.cautions import LOWER_IS_BETTER, cautions
from reports.comparing.checkpoint_pairs import CheckpointPair, checkpoint_pairs
from reports.comparing.differences import Difference, differences
from reports.comparing.first_errors import first_errors
from reports.comparing.flips import Flip, show_flips
from reports.comparing.unfinished import differing_differences
from reports.logs.joined import Joined, join
from reports.logs.samples import Side
from reports.reasoning.error_kinds import ErrorCounts
from reports.statistics.scale import Scale

SCHEMA = "cascod-compare/1"


@dataclass(frozen=True, slots=True)
class ComparedSystem:
    """One system: its name, where it lies, its checkpoints, its items that others lack."""

    name: str
    source: str
    seeds: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything a comparison says. Systems in the order given, the first is the baseline.

    `first_errors` tells by system where its outputs go wrong.
    """

    systems: tuple[ComparedSystem, ...]
    items: int
    clusters: int
    tasks: int
    differences: tuple[Difference, ...]
    pairs: tuple[CheckpointPair, ...]
    flips: tuple[Flip, ...]
    flipped: dict[str, tuple[int, int]]
    first_errors: tuple[ErrorCounts, ...]
    scale: Scale
    notes: tuple[str, ...]
    schema: str = SCHEMA


def compare_sides(
    sides: Sequence[Side],
    *,
    intersect: bool,
    flips: int,
    rng: np.random.Generator,
    lower_is_better: bool = False,
) -> Compared:
    """Join the sides, the baseline first, and compare; at most `flips` items each way are shown,
    where items are right or wrong.

    UserError where they cannot be joined.
    """
    short = short_names([side.name for side in sides])
    joined = replace(join(sides, intersect=intersect), names=tuple(short))
    if lower_is_better:
        joined = joined.lower_is_better()
    scale = joined.scale
    judged = scale.kind == "binary"
    shown, counts = show_flips(joined, sides, flips) if judged else ([], {})
    found = differences(joined)
    return Compared(
        systems=tuple(
            ComparedSystem(name, side.name, side.seeds, left_out)
            for name, side, left_out in zip(short, sides, joined.left_out, strict=True)
        ),
        items=len(joined.items),
        clusters=len(set(joined.items.cluster)),
        tasks=len(set(joined.items.task)),
        differences=tuple(found),
        pairs=tuple(checkpoint_pairs(joined, rng)),
        flips=tuple(shown),
        flipped=counts,
        first_errors=tuple(first_errors(joined, sides)) if judged else (),
        scale=scale,
        notes=tuple(_notes(sides, joined, found)),
    )


def short_names(paths: Sequence[str]) -> list[str]:
    """Paths without the folders, or the table, that all of them share."""
    parts = [PurePath(path).parts for path in paths]
    shared = 0
    while all(len(p) > shared + 1 and p[shared] == parts[0][shared] for p in parts):
        shared += 1
    short = [str(PurePath(*p[shared:])) for p in parts]
    table, mark, _ = short[0].partition("#")
    if mark and all(name.startswith(table + mark) for name in short):
        return [name.removeprefix(table + mark) for name in short]
    return short


def _notes(sides: Sequence[Side], joined: Joined, found: Sequence[Difference]) -> Iterator[str]:
    for side in sides:
        yield from side.warnings
    yield from differing_differences(joined, found)
    yield from cautions(sides, joined)
    for side, left_out in zip(sides, joined.left_out, strict=True):
        if left_out:
            yield f"{side.name}: {left_out:,} items that others lack are left out"
        yield from side.notes
    scale = joined.scale
    if scale.turned:
        yield LOWER_IS_BETTER
    if scale.kind != "binary":
        yield (
            "scores are not just right or wrong: no item is shown as flipped, and McNemar's and "
            "Tango's formulas are left out"
        )
    suites = len(joined.items.suites)
    if suites > 1:
        yield f"over all items, {suites} suites weigh the same, and items weigh the same within one"
