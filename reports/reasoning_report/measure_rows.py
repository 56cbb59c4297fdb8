"""Every measure of every method by role, and its contrast with the baseline's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.logs.plan import Planned
from reports.reasoning.measures import Measure
from reports.reasoning_report.measured import Measured, in_own_units, scaled
from reports.reasoning_report.reasoning_space import MeasureContrast, MeasureRow, Part
from reports.statistics.contrast import compare, score
from reports.statistics.weights import ROLES, design_of

# Of fewer questions nothing can be told, not even a spread.
FEWEST_QUESTIONS = 5


def measure_rows(
    student: str, part: Part, measures: Sequence[Measure], measured: Measured
) -> Iterator[MeasureRow]:
    """A row a measure, role and method, where enough questions define the measure."""
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


def measure_contrasts(
    student: str,
    part: Part,
    measures: Sequence[Measure],
    measured: Measured,
    primary: Planned | None,
) -> Iterator[MeasureContrast]:
    """Each other method's measures against those of the plan's baseline, else the first one's."""
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
