"""The reasoning space of a run: every measure of every method by role, and the contrasts."""

from __future__ import annotations

from dataclasses import replace

from reports.logs.plan import Planned
from reports.logs.run_data import RunData
from reports.reasoning.measures import MEASURES, OF_RIGHT, Measure
from reports.reasoning.probe_measures import PROBE_MEASURES
from reports.reasoning.vendi import Embedder
from reports.reasoning_report.findings import findings
from reports.reasoning_report.measure_rows import measure_contrasts, measure_rows
from reports.reasoning_report.measured import (
    Found,
    aligned,
    early_answers,
    measured_draws,
    measured_probes,
    samples,
)
from reports.reasoning_report.read_cells import read_cells, read_draws, read_probes
from reports.reasoning_report.reasoning_space import (
    EarlyAnswers,
    MeasureContrast,
    MeasureRow,
    Part,
    ReasoningSpace,
    SampledRow,
)
from reports.reasoning_report.sampled_accuracy import sampled_rows
from reports.statistics.multiplicity import benjamini_hochberg

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
    sampled: list[SampledRow] = []
    most = 0
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
            rows += measure_rows(student, part, measures, measured)
            if part == "space":
                sampled += sampled_rows(student, measured, samples(drawn))
            of_student += measure_contrasts(student, part, measures, measured, primary)
        early += early_answers(student, probed)
        adjusted = benjamini_hochberg([row.contrast.p for row in of_student])
        contrasts += [
            replace(row, p_adjusted=p) for row, p in zip(of_student, adjusted, strict=True)
        ]
        most = max(most, samples(drawn))
    if not rows:
        return None, notes
    shown = {row.measure for row in rows}
    return (
        ReasoningSpace(
            samples=most,
            measures=tuple(m for m in (*SPACE_MEASURES, *PROBE_MEASURES) if m.name in shown),
            rows=tuple(rows),
            contrasts=tuple(contrasts),
            early=tuple(early),
            sampled=tuple(sampled),
            findings=tuple(findings(rows, contrasts, primary)) if primary else (),
        ),
        notes,
    )
