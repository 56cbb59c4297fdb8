"""The reasoning space of a run: every measure of every method, in- and out-of-domain, and the contrasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.reasoning.measures import (
    MEASURES,
    OF_RIGHT,
    Draw,
    Measure,
    measure_all,
    measure_meaning,
    measure_right,
    shortest_length,
)
from reports.reasoning.preset import PRESET_MEASURES, SHOWN, preset_measures, same_as_own
from reports.reasoning.vendi import Embedder
from reports.run_report.drawn_samples import Probed, Question, read_draws, read_probes
from reports.run_report.plan import Planned
from reports.run_report.reasoning_content import (
    EarlyAnswers,
    MeasureContrast,
    MeasureRow,
    Part,
    ReasoningSpace,
)
from reports.run_report.reasoning_words import findings
from reports.run_report.run_data import RunData, System
from reports.statistics.contrast import compare, score
from reports.statistics.multiplicity import benjamini_hochberg
from reports.statistics.weights import ROLES, design_of

T = TypeVar("T")
Floats = NDArray[np.float64]
# What a cell's file holds for each question.
Found = Mapping[Question, Mapping[str, float]]
# Of fewer questions nothing can be told, not even a spread.
FEWEST_QUESTIONS = 5
SPACE_MEASURES = (*MEASURES, *OF_RIGHT)


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of one student's methods on the questions that all of them have.

    `items` has a row a question (suite, role, task, cluster); `values[method][measure]` has shape
    (seeds, questions), NaN where the measure is undefined.
    """

    items: pd.DataFrame
    values: dict[str, dict[str, Floats]]


def reasoning_space(
    run: RunData, primary: Planned | None, embedder: Embedder | None = None
) -> tuple[ReasoningSpace | None, list[str]]:
    """What was sampled and probed, measured and compared; notes on what was left out.

    None where a run has neither.
    """
    notes: list[str] = []
    rows: list[MeasureRow] = []
    contrasts: list[MeasureContrast] = []
    early: list[EarlyAnswers] = []
    samples = 0
    for student in dict.fromkeys(system.student for system in run.systems):
        systems = [system for system in run.systems if system.student == student]
        drawn = _read_cells(systems, read_draws, "sampled", notes)
        probed = _read_cells(systems, _probes, "probed", notes)
        of_student: list[MeasureContrast] = []
        parts: tuple[tuple[Part, tuple[Measure, ...], dict[str, list[Found]]], ...] = (
            ("space", SPACE_MEASURES, _measured_draws(drawn, embedder)),
            ("preset", PRESET_MEASURES, _measured_probes(probed)),
        )
        for part, measures, found in parts:
            measured = _aligned(found, measures)
            rows += _rows(student, part, measures, measured)
            of_student += _contrasts(student, part, measures, measured, primary)
        early += _early(student, probed)
        adjusted = benjamini_hochberg([row.p for row in of_student])
        contrasts += [
            replace(row, p_adjusted=p) for row, p in zip(of_student, adjusted, strict=True)
        ]
        samples = max(samples, _samples(drawn))
    if not rows:
        return None, notes
    shown = {row.measure for row in rows}
    return (
        ReasoningSpace(
            samples=samples,
            measures=tuple(m for m in (*SPACE_MEASURES, *PRESET_MEASURES) if m.name in shown),
            rows=tuple(rows),
            contrasts=tuple(contrasts),
            early=tuple(early),
            findings=tuple(findings(rows, contrasts, primary)) if primary else (),
        ),
        notes,
    )


def _read_cells(
    systems: Sequence[System],
    read: Callable[[Path], dict[Question, T]],
    what: str,
    notes: list[str],
) -> dict[str, list[dict[Question, T]]]:
    """For each method its seeds' questions; a method of which a seed has none yet is left out."""
    cells: dict[str, list[dict[Question, T]]] = {}
    for system in systems:
        found = [read(run.directory.parent) for run in system.runs]
        if all(found):
            cells[system.method] = found
        elif any(found):
            notes.append(f"{system.name}: not every seed has been {what} yet; it is left out there")
    return cells


def _probes(cell: Path) -> dict[Question, Probed]:
    return {probed.question: probed for probed in read_probes(cell)}


def _measured_draws(
    drawn: Mapping[str, Sequence[Mapping[Question, list[Draw]]]], embedder: Embedder | None
) -> dict[str, list[Found]]:
    common = _common(drawn)
    cells = [cell for cells in drawn.values() for cell in cells]
    # Samples of different numbers do not compare, and words are compared at one length for all.
    least = _samples(drawn)
    texts = sorted({d.rationale for cell in cells for q in common for d in cell[q][:least]})
    vectors = dict(zip(texts, embedder(texts), strict=True)) if embedder and texts else {}
    shortest = {q: min(shortest_length(cell[q][:least]) for cell in cells) for q in common}
    return {
        method: [
            {
                q: measure_all(cell[q][:least], (q.gold,), shortest[q])
                | measure_right(cell[q][:least])
                | (measure_meaning(cell[q][:least], vectors) if vectors else {})
                for q in common
            }
            for cell in of_method
        ]
        for method, of_method in drawn.items()
    }


def _samples(drawn: Mapping[str, Sequence[Mapping[Question, list[Draw]]]]) -> int:
    """The number of samples that every question of every cell has."""
    cells = [cell for cells in drawn.values() for cell in cells]
    return min((len(draws) for cell in cells for draws in cell.values()), default=0)


def _measured_probes(
    probed: Mapping[str, Sequence[Mapping[Question, Probed]]],
) -> dict[str, list[Found]]:
    common = _common(probed)
    return {
        method: [
            {
                q: preset_measures(cell[q].probabilities, cell[q].candidates.index(q.gold.strip()))
                for q in common
                if q.gold.strip() in cell[q].candidates
            }
            for cell in cells
        ]
        for method, cells in probed.items()
    }


def _common(cells: Mapping[str, Sequence[Mapping[Question, object]]]) -> list[Question]:
    """The questions that all seeds of all methods have, in order."""
    each = [set(cell) for of_method in cells.values() for cell in of_method]
    return (
        sorted(set.intersection(*each), key=lambda q: (q.role, q.suite, q.task, q.id))
        if each
        else []
    )


def _aligned(found: dict[str, list[Found]], measures: Sequence[Measure]) -> Measured:
    questions = _common(found)
    items = pd.DataFrame(
        [(q.suite, q.role, q.task, q.cluster) for q in questions],
        columns=["suite", "role", "task", "cluster"],
    )
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
    return Measured(items, values)


def _scaled(
    measured: Measured, measure: Measure, on: str
) -> tuple[pd.DataFrame, dict[str, Floats], float, float]:
    """The questions of a role where a measure is defined for all, values in [0, 1], their low and span.

    Scaled by the values seen, so that the least variance that is ever assumed is one of this measure.
    """
    values = {method: of[measure.name] for method, of in measured.values.items()}
    if not values:
        return measured.items, {}, 0.0, 1.0
    defined = ~np.isnan(np.concatenate(list(values.values()))).any(axis=0)
    chosen = defined & (measured.items["role"] == on).to_numpy(dtype=bool)
    cut = {method: rows[:, chosen] for method, rows in values.items()}
    seen = np.concatenate(list(cut.values()))
    low, high = (seen.min(), seen.max()) if seen.size else (0.0, 1.0)
    if low == high:
        # Nothing was seen to vary: the whole range, or one unit of what has no upper end.
        low, high = min(measure.low, low), low + 1 if measure.high is None else measure.high
    span = float(high - low)
    scaled = {method: (rows - low) / span for method, rows in cut.items()}
    return measured.items[chosen].reset_index(drop=True), scaled, float(low), span


def _rows(
    student: str, part: Part, measures: Sequence[Measure], measured: Measured
) -> Iterator[MeasureRow]:
    for measure in measures:
        for on in ROLES:
            items, values, low, span = _scaled(measured, measure, on)
            if len(items) < FEWEST_QUESTIONS:
                continue
            _, design = design_of(items, on)
            for method, rows in values.items():
                found = score(rows, design)
                yield MeasureRow(
                    student=student,
                    method=method,
                    part=part,
                    measure=measure.name,
                    on=on,
                    value=_within(measure, low + span * found.value),
                    lower=_within(measure, low + span * found.lower),
                    upper=_within(measure, low + span * found.upper),
                    questions=len(items),
                )


def _within(measure: Measure, value: float) -> float:
    above = max(measure.low, value)
    return above if measure.high is None else min(measure.high, above)


def _contrasts(
    student: str,
    part: Part,
    measures: Sequence[Measure],
    measured: Measured,
    primary: Planned | None,
) -> Iterator[MeasureContrast]:
    methods = list(measured.values)
    if len(methods) < 2:
        return
    baseline = primary.baseline if primary and primary.baseline in methods else methods[0]
    for measure in measures:
        for on in ROLES:
            items, values, _, span = _scaled(measured, measure, on)
            if len(items) < FEWEST_QUESTIONS:
                continue
            _, design = design_of(items, on)
            for treatment in (method for method in methods if method != baseline):
                found = compare(values[treatment], values[baseline], design)
                yield MeasureContrast(
                    student=student,
                    treatment=treatment,
                    baseline=baseline,
                    part=part,
                    measure=measure.name,
                    on=on,
                    value=span * found.value,
                    lower=span * found.lower,
                    upper=span * found.upper,
                    p=found.p,
                    p_adjusted=found.p,
                    claim=found.claim,
                    questions=len(items),
                )


def _early(
    student: str, probed: Mapping[str, Sequence[Mapping[Question, Probed]]]
) -> Iterator[EarlyAnswers]:
    questions = _common(probed)
    for on in ROLES:
        chosen = [q for q in questions if q.role == on]
        if not chosen:
            continue
        frame = pd.DataFrame(
            [(q.suite, q.role, q.task, q.cluster) for q in chosen],
            columns=["suite", "role", "task", "cluster"],
        )
        weight = design_of(frame, on)[1].weight
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
