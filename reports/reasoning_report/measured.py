"""Questions measured: one value a question, seed and method; where a measure is defined."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.items import Item, Items
from reports.logs.probed_item import ProbedItem
from reports.reasoning.measures import (
    Draw,
    Measure,
    measure_all,
    measure_meaning,
    measure_right,
    shortest_length,
)
from reports.reasoning.probe_measures import SHOWN, probe_measures, same_as_own
from reports.reasoning.vendi import Embedder
from reports.reasoning_report.reasoning_space import EarlyAnswers
from reports.statistics.contrast import Contrast
from reports.statistics.intervals import Interval
from reports.statistics.weights import ROLES, design_of

Floats = NDArray[np.float64]
# What a cell's file holds for each question.
Found = Mapping[Item, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of one student's methods on the questions that all of them have.

    `values[method][measure]` has shape (seeds, items), NaN where the measure is undefined.
    """

    items: Items
    values: dict[str, dict[str, Floats]]


def measured_draws(
    drawn: Mapping[str, Sequence[Mapping[Item, list[Draw]]]], embedder: Embedder | None
) -> dict[str, list[Found]]:
    """Each seed's measures of sampled rationales, on the questions that all methods have."""
    questions = common(drawn)
    cells = [cell for cells in drawn.values() for cell in cells]
    # Samples of different numbers do not compare, and words are compared at one length for all.
    least = samples(drawn)
    texts = sorted({d.rationale for cell in cells for q in questions for d in cell[q][:least]})
    vectors = dict(zip(texts, embedder(texts), strict=True)) if embedder and texts else {}
    shortest = {q: min(shortest_length(cell[q][:least]) for cell in cells) for q in questions}
    return {
        method: [
            {
                q: measure_all(cell[q][:least], (q.gold,), shortest[q])
                | measure_right(cell[q][:least], shortest[q])
                | (measure_meaning(cell[q][:least], vectors) if vectors else {})
                for q in questions
            }
            for cell in of_method
        ]
        for method, of_method in drawn.items()
    }


def measured_probes(
    probed: Mapping[str, Sequence[Mapping[Item, ProbedItem]]],
) -> dict[str, list[Found]]:
    """Each seed's measures of probes, on the questions that all methods have."""
    questions = common(probed)
    return {
        method: [
            {
                q: probe_measures(cell[q].probabilities, cell[q].candidates.index(q.gold.strip()))
                for q in questions
                if q.gold.strip() in cell[q].candidates
            }
            for cell in cells
        ]
        for method, cells in probed.items()
    }


def aligned(found: dict[str, list[Found]], measures: Sequence[Measure]) -> Measured:
    """What was found for each question as arrays, NaN where a measure is undefined."""
    questions = common(found)
    values = {
        method: {
            measure.name: np.array(
                [[cell[q].get(measure.name, np.nan) for q in questions] for cell in cells],
                dtype=float,
            )
            for measure in measures
        }
        for method, cells in found.items()
    }
    return Measured(Items.of(questions), values)


def scaled(
    measured: Measured, measure: Measure, on: str
) -> tuple[Items, dict[str, Floats], float, float]:
    """The questions of a role where a measure is defined for all, values in [0, 1], their low and
    span.

    Scaled by the values seen, so that the least variance that is ever assumed is one of this
    measure.
    """
    values = {method: of[measure.name] for method, of in measured.values.items()}
    if not values:
        return measured.items, {}, 0.0, 1.0
    defined = ~np.isnan(np.concatenate(list(values.values()))).any(axis=0)
    chosen = defined & (measured.items.role == on)
    cut = {method: rows[:, chosen] for method, rows in values.items()}
    seen = np.concatenate(list(cut.values()))
    low, high = (seen.min(), seen.max()) if seen.size else (0.0, 1.0)
    if low == high:
        # Nothing was seen to vary: the whole range, or one unit of what has no upper end.
        low, high = min(measure.low, low), low + 1 if measure.high is None else measure.high
    span = float(high - low)
    scaled = {method: (rows - low) / span for method, rows in cut.items()}
    return measured.items[chosen], scaled, float(low), span


def early_answers(
    student: str, probed: Mapping[str, Sequence[Mapping[Item, ProbedItem]]]
) -> Iterator[EarlyAnswers]:
    """How often each method's answer stands already before its rationale ends, by role."""
    questions = common(probed)
    for on in ROLES:
        chosen = [q for q in questions if q.role == on]
        if not chosen:
            continue
        weight = design_of(Items.of(chosen), on)[1].weight
        for method, cells in probed.items():
            same = np.array(
                [
                    [
                        [flags[condition] for condition in SHOWN]
                        for flags in (same_as_own(cell[q].probabilities) for q in chosen)
                    ]
                    for cell in cells
                ],
                dtype=float,
            )
            yield EarlyAnswers(
                student=student,
                method=method,
                on=on,
                shown=tuple(SHOWN.values()),
                same=tuple(min(1.0, float(share)) for share in weight @ same.mean(axis=0)),
                items=len(chosen),
            )


def in_own_units(found: Contrast, measure: Measure, low: float, span: float) -> Interval:
    """The mean of values `scaled` from `low` by `span`, within the measure's range."""
    high = math.inf if measure.high is None else measure.high
    value, lower, upper = (
        min(high, max(measure.low, low + span * share))
        for share in (found.value, found.lower, found.upper)
    )
    return Interval(value, lower, upper)


def samples(drawn: Mapping[str, Sequence[Mapping[Item, list[Draw]]]]) -> int:
    """The number of samples that every question of every cell has."""
    cells = [cell for cells in drawn.values() for cell in cells]
    return min((len(draws) for cell in cells for draws in cell.values()), default=0)


def common(cells: Mapping[str, Sequence[Mapping[Item, object]]]) -> list[Item]:
    """The questions that all seeds of all methods have, in order."""
    each = [set(cell) for of_method in cells.values() for cell in of_method]
    return (
        sorted(set.intersection(*each), key=lambda q: (q.role, q.suite, q.task, q.id))
        if each
        else []
    )
