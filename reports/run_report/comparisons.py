"""The comparisons a report makes: those of the plan, and what else there is to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from reports.logs.plan import Plan, Planned, Standing
from reports.logs.run_data import RunData
from reports.run_report.report_content import ComparisonRow
from reports.statistics.multiplicity import benjamini_hochberg, holm
from reports.statistics.readable import ReadOutcomes, split_by_reading
from reports.statistics.weights import estimands, suites_of


def comparison_rows(run: RunData, plan: Plan, standing: Standing) -> Iterator[ComparisonRow]:
    """The confirmatory comparisons of each student, the primary first, then the exploratory ones.

    Exploratory are the primary pair on the other estimands and on every suite, each other method
    against the primary baseline on all estimands, and everything where the plan was not kept. A
    comparison on suites that a side was not asked is left out. Where seeds or suites came after the
    plan was registered, planned comparisons are confirmatory without them, and exploratory with them.
    """
    as_registered = run.as_registered()
    added = run.registration.added
    extended = bool(added.seeds or added.suites)
    for student in dict.fromkeys(system.student for system in run.systems):
        planned = plan.all if standing == "kept" else ()
        found = [
            row
            for each in planned
            for row in _compare(as_registered, student, each, plan.primary, confirmatory=True)
        ]
        # The primary claim is judged as planned, wherever it could be made so.
        primary = None if any(row.primary for row in found) else plan.primary
        for each in dict.fromkeys((*plan.all, *_further(run, student, plan.primary))):
            if extended or each not in planned:
                found += _compare(run, student, each, primary, confirmatory=False)
        yield from _adjusted(found, "confirmatory", holm)
        yield from _adjusted(found, "exploratory", benjamini_hochberg)


def _further(run: RunData, student: str, primary: Planned) -> Iterator[Planned]:
    """What is compared beside the plan; what the plan holds may occur again."""
    wide = list(estimands(run.items))
    suites = list(dict.fromkeys(run.items["suite"]))
    for on in dict.fromkeys([primary.on, *wide, *suites]):
        margin = primary.margin if on == primary.on else 0.0
        yield Planned(primary.treatment, primary.baseline, on, margin)
    for system in run.systems:
        if system.student == student and system.method not in (primary.treatment, primary.baseline):
            for on in wide:
                yield Planned(system.method, primary.baseline, on)


def _adjusted(
    rows: list[ComparisonRow], kind: str, adjust: Callable[[list[float]], list[float]]
) -> list[ComparisonRow]:
    chosen = [row for row in rows if row.kind == kind]
    return [
        replace(row, p_adjusted=p)
        for row, p in zip(chosen, adjust([row.contrast.p for row in chosen]), strict=True)
    ]


def _compare(
    run: RunData, student: str, planned: Planned, primary: Planned | None, *, confirmatory: bool
) -> Iterator[ComparisonRow]:
    treatment = run.system(student, planned.treatment)
    baseline = run.system(student, planned.baseline)
    selection = run.asked((treatment, baseline), planned.on)
    if selection is None:
        return
    treatment, baseline = selection.systems
    contrast = selection.difference
    yield ComparisonRow(
        student=treatment.student,
        treatment=treatment.method,
        baseline=baseline.method,
        on=planned.on,
        primary=planned == primary,
        kind="confirmatory" if confirmatory else "exploratory",
        margin=planned.margin,
        contrast=contrast,
        p_adjusted=contrast.p,
        seeds=(len(treatment.seeds), len(baseline.seeds)),
        suites=tuple(suites_of(run.items, planned.on)),
        reading=split_by_reading(
            ReadOutcomes(treatment.correct, treatment.parse_ok),
            ReadOutcomes(baseline.correct, baseline.parse_ok),
            selection.design,
        ),
    )
