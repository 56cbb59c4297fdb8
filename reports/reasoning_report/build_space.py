"""The reasoning space of a run: every measure of every method by role, and the contrasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reports.logs.plan import Planned
from reports.logs.run_data import RunData
from reports.reasoning.measures import MEASURES, OF_RIGHT, Measure
from reports.reasoning.probe_measures import PROBE_MEASURES
from reports.reasoning.vendi import Embedder
from reports.reasoning_report.findings import findings
from reports.reasoning_report.measured import (
    Found,
    Measured,
    aligned,
    early_answers,
    in_own_units,
    measured_draws,
    measured_probes,
    samples,
    scaled,
)
from reports.reasoning_report.read_cells import read_cells, read_draws, read_probes
from reports.reasoning_report.reasoning_space import (
    EarlyAnswers,
    MeasureContrast,
    MeasureRow,
    Part,
    ReasoningSpace,
)
from reports.statistics.contrast import compare, score
from reports.statistics.multiplicity import benjamini_hochberg
from reports.statistics.weights import ROLES, design_of

# Of fewer questions nothing can be told, not even a spread.
FEWEST_QUESTIONS = 5
SPACE_MEASURES = (*MEASURES, *OF_RIGHT)


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
    least = 0
    for student in dict.fromkeys(system.student for system in run.systems):
        systems = [system for system in run.systems if system.student == student]
        drawn = read_cells(systems, read_draws, "sampled", notes)
        probed = read_cells(systems, read_probes, "probed", notes)
        of_student: list[MeasureContrast] = []
        parts: tuple[tuple[Part, tuple[Measure, ...], dict[str, list[Found]]], ...] = (
            ("space", SPACE_MEASURES, measured_draws(drawn, embedder)),
            ("preset", PROBE_MEASURES, measured_probes(probed)),
        )
        for part, measures, found in parts:
            measured = aligned(found, measures)
            rows += _rows(student, part, measures, measured)
            of_student += _contrasts(student, part, measures, measured, primary)
        early += early_answers(student, probed)
        adjusted = benjamini_hochberg([row.contrast.p for row in of_student])
        contrasts += [
            replace(row, p_adjusted=p) for row, p in zip(of_student, adjusted, strict=True)
        ]
        least = max(least, samples(drawn))
    if not rows:
        return None, notes
    shown = {row.measure for row in rows}
    return (
        ReasoningSpace(
            samples=least,
            measures=tuple(m for m in (*SPACE_MEASURES, *PROBE_MEASURES) if m.name in shown),
            rows=tuple(rows),
            contrasts=tuple(contrasts),
            early=tuple(early),
            findings=tuple(findings(rows, contrasts, primary)) if primary else (),
        ),
        notes,
    )


def _rows(
    student: str, part: Part, measures: Sequence[Measure], measured: Measured
) -> Iterator[MeasureRow]:
    for measure in measures:
        for on in ROLES:
            items, values, low, span = scaled(measured, measure, on)
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
                    mean=in_own_units(found, measure, low, span),
                    questions=len(items),
                )


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
            items, values, _, span = scaled(measured, measure, on)
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
                    contrast=found.scaled(span),
                    p_adjusted=found.p,
                )
