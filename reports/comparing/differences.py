"""Paired differences of systems to the first of them, on everything and on parts of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reports.comparing.cautions import reading_of
from reports.comparing.constant import constant_accuracy
from reports.comparing.otherwise import Otherwise
from reports.logs.joined import Joined
from reports.rendering.as_json import flat
from reports.statistics.contrast import Contrast, compare, same_responses
from reports.statistics.item_design import ItemDesign
from reports.statistics.multiplicity import benjamini_hochberg, holm
from reports.statistics.readable import ReadSplit
from reports.statistics.weights import EVERYTHING, GAP, ROLES, design_of, estimands, task_design

Level = Literal["whole", "role", "suite", "task"]
Adjustment = Literal["holm", "benjamini-hochberg"]


@dataclass(frozen=True, slots=True)
class Difference:
    """The paired contrast treatment - baseline on all items, a role, a suite or a task.

    `p_adjusted` is Holm's for whole comparisons of several systems with the baseline, Benjamini and
    Hochberg's over all rows of one of the other levels. `constant_accuracy` is what the commonest
    gold of each task scores, None where golds are not known; `reading` splits the difference by
    whether answers were read, None where a log does not tell. All count forced answers;
    `as_written` is the contrast without them, None where none was forced on any system.
    """

    treatment: str
    baseline: str
    level: Level
    on: str
    treatment_accuracy: float
    baseline_accuracy: float
    constant_accuracy: float | None
    reading: ReadSplit | None
    contrast: Contrast = field(metadata=flat())
    p_adjusted: float
    adjustment: Adjustment
    as_written: Otherwise | None = None


def differences(joined: Joined) -> list[Difference]:
    """Every system against the first, on all items, and on roles, suites and tasks where there are
    several; as written, too, where answers were forced.
    """
    found = _differences(joined)
    if not joined.forced:
        return found
    written = _differences(joined.answered("as_written"))
    return [
        replace(each, as_written=Otherwise(other.contrast, other.p_adjusted))
        for each, other in zip(found, written, strict=True)
    ]


def _differences(joined: Joined) -> list[Difference]:
    found = [
        difference for place in _places(joined) for difference in _differences_at(joined, *place)
    ]
    return [
        adjusted
        for level in ("whole", "role", "suite", "task")
        for adjusted in _adjust([each for each in found if each.level == level])
    ]


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
    scale = joined.scale
    constant = constant_accuracy(joined.items[chosen], design, scale)
    for system in range(1, len(joined.names)):
        treatment = joined.correct[system][:, chosen]
        contrast = compare(
            treatment,
            baseline,
            design,
            identical=same_responses(joined.responses[system][:, chosen], said),
            scale=scale,
        )
        yield Difference(
            treatment=joined.names[system],
            baseline=joined.names[0],
            level=level,
            on=on,
            treatment_accuracy=float(treatment.mean(axis=0) @ design.weight),
            baseline_accuracy=float(baseline.mean(axis=0) @ design.weight),
            constant_accuracy=constant,
            reading=reading_of(joined, system, chosen, design),
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
