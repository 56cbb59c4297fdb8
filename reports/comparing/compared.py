"""Any systems against the first of them: what `cascod compare` finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.comparing.flips import Flip, show_flips
from reports.logs.joined import Joined, join
from reports.logs.samples import Side
from reports.rendering.as_json import flat
from reports.statistics.bayesian import Belief, paired_belief
from reports.statistics.contrast import Contrast, compare, same_responses
from reports.statistics.intervals import Interval
from reports.statistics.item_design import ItemDesign
from reports.statistics.multiplicity import benjamini_hochberg, holm
from reports.statistics.paired_proportions import PairedTable, mcnemar_mid_p, tango_interval
from reports.statistics.weights import EVERYTHING, GAP, ROLES, design_of, estimands, task_design

SCHEMA = "cascod-compare/1"

Level = Literal["whole", "role", "suite", "task"]
Adjustment = Literal["holm", "benjamini-hochberg"]


@dataclass(frozen=True, slots=True)
class ComparedSystem:
    """One system: its name, where it lies, its checkpoints, its items that others lack."""

    name: str
    source: str
    seeds: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The paired contrast treatment - baseline on all items, a role, a suite or a task.

    `p_adjusted` is Holm's for whole comparisons of several systems with the baseline, Benjamini and
    Hochberg's over all rows of one of the other levels.
    """

    treatment: str
    baseline: str
    level: Level
    on: str
    treatment_accuracy: float
    baseline_accuracy: float
    contrast: Contrast = field(metadata=flat())
    p_adjusted: float
    adjustment: Adjustment


@dataclass(frozen=True, slots=True)
class CheckpointPair:
    """Two single checkpoints, every item counted once and taken as independent."""

    treatment: str
    baseline: str
    both_right: int
    treatment_only: int
    baseline_only: int
    both_wrong: int
    difference: Interval = field(metadata=flat("lower", "upper", value="difference"))
    mid_p: float
    belief: Belief


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything a comparison says. Systems in the order given, the first is the baseline."""

    systems: tuple[ComparedSystem, ...]
    items: int
    clusters: int
    tasks: int
    differences: tuple[Difference, ...]
    pairs: tuple[CheckpointPair, ...]
    flips: tuple[Flip, ...]
    flipped: dict[str, tuple[int, int]]
    notes: tuple[str, ...]
    schema: str = SCHEMA


def compare_sides(
    sides: Sequence[Side], *, intersect: bool, flips: int, rng: np.random.Generator
) -> Compared:
    """Join the sides, the baseline first, and compare; at most `flips` items each way are shown.

    UserError where they cannot be joined.
    """
    short = short_names([side.name for side in sides])
    joined = replace(join(sides, intersect=intersect), names=tuple(short))
    shown, counts = show_flips(joined, sides, flips)
    return Compared(
        systems=tuple(
            ComparedSystem(name, side.name, side.seeds, left_out)
            for name, side, left_out in zip(short, sides, joined.left_out, strict=True)
        ),
        items=len(joined.items),
        clusters=len(set(joined.items.cluster)),
        tasks=len(set(joined.items.task)),
        differences=tuple(differences(joined)),
        pairs=tuple(checkpoint_pairs(joined, rng)),
        flips=tuple(shown),
        flipped=counts,
        notes=tuple(_notes(sides, joined)),
    )


def short_names(paths: Sequence[str]) -> list[str]:
    """Paths without the folders that all of them share."""
    parts = [PurePath(path).parts for path in paths]
    shared = 0
    while all(len(p) > shared + 1 and p[shared] == parts[0][shared] for p in parts):
        shared += 1
    return [str(PurePath(*p[shared:])) for p in parts]


def differences(joined: Joined) -> list[Difference]:
    """Every system against the first, on all items, and on roles, suites and tasks where there are several."""
    found = [
        difference for place in _places(joined) for difference in _differences_at(joined, *place)
    ]
    return [
        adjusted
        for level in ("whole", "role", "suite", "task")
        for adjusted in _adjust([each for each in found if each.level == level])
    ]


def checkpoint_pairs(joined: Joined, rng: np.random.Generator) -> list[CheckpointPair]:
    """The classical table of each system and the first, where both are single checkpoints."""
    pairs = []
    baseline = joined.correct[0]
    for name, correct in zip(joined.names[1:], joined.correct[1:], strict=True):
        if len(correct) == len(baseline) == 1:
            new, old = correct[0], baseline[0]
            table = PairedTable(
                both=int((new & old).sum()),
                first=int((new & ~old).sum()),
                second=int((~new & old).sum()),
                neither=int((~new & ~old).sum()),
            )
            pairs.append(
                CheckpointPair(
                    treatment=name,
                    baseline=joined.names[0],
                    both_right=table.both,
                    treatment_only=table.first,
                    baseline_only=table.second,
                    both_wrong=table.neither,
                    difference=Interval(table.difference, *tango_interval(table)),
                    mid_p=mcnemar_mid_p(table),
                    belief=paired_belief(table, margin=0.0, rng=rng),
                )
            )
    return pairs


def _notes(sides: Sequence[Side], joined: Joined) -> Iterator[str]:
    for side, left_out in zip(sides, joined.left_out, strict=True):
        if left_out:
            yield f"{side.name}: {left_out:,} items that others lack are left out"
        yield from side.notes
    suites = len(joined.items.suites)
    if suites > 1:
        yield f"over all items, {suites} suites weigh the same, and items weigh the same within one"


def _places(joined: Joined) -> Iterator[tuple[Level, str, NDArray[np.bool_], ItemDesign]]:
    items = joined.items
    yield "whole", "all items", *design_of(items, EVERYTHING)
    wide = list(estimands(items))
    if len(wide) > 1:
        for on in wide:
            yield "role", {**ROLES, GAP: "gap (IND − OOD)"}[on], *design_of(items, on)
    suites, tasks = items.suites, items.tasks
    if 1 < len(suites) < len(tasks):
        for suite in suites:
            yield "suite", suite, *design_of(items, suite)
    if len(tasks) > 1:
        for suite, task in tasks:
            yield "task", task, *task_design(items, suite, task)


def _differences_at(
    joined: Joined, level: Level, on: str, chosen: NDArray[np.bool_], design: ItemDesign
) -> Iterator[Difference]:
    baseline, said = joined.correct[0][:, chosen], joined.responses[0][:, chosen]
    for system in range(1, len(joined.names)):
        treatment = joined.correct[system][:, chosen]
        contrast = compare(
            treatment,
            baseline,
            design,
            identical=same_responses(joined.responses[system][:, chosen], said),
        )
        yield Difference(
            treatment=joined.names[system],
            baseline=joined.names[0],
            level=level,
            on=on,
            treatment_accuracy=float(treatment.mean(axis=0) @ design.weight),
            baseline_accuracy=float(baseline.mean(axis=0) @ design.weight),
            contrast=contrast,
            p_adjusted=contrast.p,
            adjustment="holm" if level == "whole" else "benjamini-hochberg",
        )


def _adjust(rows: Sequence[Difference]) -> list[Difference]:
    adjust = {"holm": holm, "benjamini-hochberg": benjamini_hochberg}
    if not rows:
        return []
    adjusted = adjust[rows[0].adjustment]([row.contrast.p for row in rows])
    return [replace(row, p_adjusted=p) for row, p in zip(rows, adjusted, strict=True)]
