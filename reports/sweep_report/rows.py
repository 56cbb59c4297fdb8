"""Each system at each value, and treatment - baseline at each value."""

from __future__ import annotations

from collections.abc import Iterator

from reports.logs.run_data import RunData
from reports.run_report.accuracy_rows import macro_rows, suite_accuracies
from reports.statistics.weights import ROLES, suites_of
from reports.sweep_report.sweep_content import AccuracyRow, DifferenceRow
from reports.sweep_report.sweep_data import SweepData


def estimands_of(sweep: SweepData) -> list[str]:
    """The averages over a role with several suites, out-of-domain first, then every suite."""
    roles = [
        role for role in reversed(ROLES) if any(_suites_in(run, role) > 1 for run in sweep.runs)
    ]
    return [*roles, *sweep.suites]


def accuracy_rows(sweep: SweepData) -> Iterator[AccuracyRow]:
    """Every system on every estimand at every value, as in the report of that value's run."""
    wanted = estimands_of(sweep)
    for value, run in zip(sweep.values, sweep.runs, strict=True):
        seeds = {(s.student, s.method): len(s.seeds) if s.trained else 0 for s in run.systems}
        for row in suite_accuracies(run):
            yield AccuracyRow(
                student=row.student,
                method=row.method,
                on=row.suite,
                at=value.label,
                accuracy=row.accuracy,
                seeds=seeds[row.student, row.method],
                majority=row.majority,
            )
        for average in macro_rows(run):
            if average.on in wanted:
                yield AccuracyRow(
                    student=average.student,
                    method=average.method,
                    on=average.on,
                    at=value.label,
                    accuracy=average.average,
                    seeds=seeds[average.student, average.method],
                    majority=None,
                )


def difference_rows(sweep: SweepData) -> Iterator[DifferenceRow]:
    """The plan's primary pair on every estimand at every value; nothing where there is no plan."""
    if sweep.plan is None:
        return
    pair = sweep.plan.primary.treatment, sweep.plan.primary.baseline
    for value, run in zip(sweep.values, sweep.runs, strict=True):
        for student in sweep.students:
            systems = [run.system(student, method) for method in pair]
            for on in estimands_of(sweep):
                if selection := run.asked(systems, on):
                    yield DifferenceRow(
                        student=student,
                        treatment=pair[0],
                        baseline=pair[1],
                        on=on,
                        at=value.label,
                        contrast=selection.difference,
                        reading=selection.reading,
                    )


def _suites_in(run: RunData, role: str) -> int:
    return len(suites_of(run.items, role))
