"""What changes along the values, on the items that all values share.

A change is one weighted combination of systems over the same items: a method's score at the last
value minus that at the first, or the same of the difference treatment - baseline. Seeds of
different values count as independent. Where a suite asks other questions at each value no change is
computed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from reports.comparing.otherwise import Otherwise
from reports.logs.run_data import RunData
from reports.logs.system import Selection
from reports.statistics.answers import the_other
from reports.statistics.contrast import combine
from reports.statistics.multiplicity import benjamini_hochberg
from reports.statistics.weights import belonging
from reports.sweep_report.rows import estimands_of
from reports.sweep_report.sweep_content import Along, ChangeRow
from reports.sweep_report.sweep_data import SweepData


def change_rows(sweep: SweepData) -> Iterator[ChangeRow]:
    """Each student's changes and trends: of the plan's difference first, then of every method.

    Answers are counted as the plan says and, where any was forced, the other way beside it.
    """
    found = list(_counted(sweep.answered(sweep.answers)))
    if not sweep.forced:
        yield from found
        return
    other_way = _counted(sweep.answered(the_other(sweep.answers)))
    for row, other in zip(found, other_way, strict=True):
        yield replace(row, otherwise=Otherwise(other.contrast, other.p_adjusted))


def _counted(sweep: SweepData) -> Iterator[ChangeRow]:
    for student in sweep.students:
        found = list(_of_student(sweep, student))
        adjusted = benjamini_hochberg([row.contrast.p for row in found])
        yield from (replace(row, p_adjusted=p) for row, p in zip(found, adjusted, strict=True))


def is_shared(runs: Sequence[RunData], on: str) -> bool:
    """Whether all runs ask the same items there, by suite, task, id and the question's hash."""
    tables = [run.items[belonging(run.items, on)] for run in runs]
    told = all(tables[0].doc_hash)
    return told and len(tables[0]) > 0 and all(table.same_as(tables[0]) for table in tables)


def _of_student(sweep: SweepData, student: str) -> Iterator[ChangeRow]:
    pair = (sweep.plan.primary.treatment, sweep.plan.primary.baseline) if sweep.plan else None
    # A name and the signed methods that it stands for.
    scores: list[tuple[str | None, dict[str, float]]] = []
    if pair:
        scores.append((None, {pair[0]: 1.0, pair[1]: -1.0}))
    scores += [(method, {method: 1.0}) for method in sweep.methods]
    for on in (on for on in estimands_of(sweep) if is_shared(sweep.runs, on)):
        for name, signs in scores:
            asked = [_trained(run, student, signs, on) for run in sweep.runs]
            sides = [selection for selection in asked if selection is not None]
            if len(sides) == len(asked):
                for along, over in _weights(sweep):
                    combination = [
                        (weight * sign, system.correct)
                        for weight, side in zip(over, sides, strict=True)
                        for sign, system in zip(signs.values(), side.systems, strict=True)
                    ]
                    contrast = combine(combination, sides[0].design)
                    yield ChangeRow(student, name, along, on, contrast, p_adjusted=contrast.p)


def _weights(sweep: SweepData) -> Iterator[tuple[Along, list[float]]]:
    """The weight of each value (values,): last - first, and the least squares slope times the
    range.
    """
    count = len(sweep.values)
    yield "change", [-1.0, *[0.0] * (count - 2), 1.0]
    if sweep.position is not None and count > 2:
        x = np.array(sweep.position)
        centred = x - x.mean()
        yield "trend", list((x[-1] - x[0]) * centred / (centred**2).sum())


def _trained(run: RunData, student: str, methods: Iterable[str], on: str) -> Selection | None:
    """The methods on an estimand; None where one was not trained, or not asked everything there."""
    systems = [run.system(student, method) for method in methods]
    trained = all(system is not None and system.trained for system in systems)
    return run.asked(systems, on) if trained else None
