"""The comparisons a report makes: those of the plan, and what else there is to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from reports.logs.plan import Plan, Standing
from reports.logs.run_data import RunData
from reports.run_report.report_content import ComparisonKind, ComparisonRow
from reports.statistics.multiplicity import benjamini_hochberg, holm
from reports.statistics.readable import ReadOutcomes, split_by_reading
from reports.statistics.weights import estimands, suites_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treatment against baseline on an estimand or a suite, better by a margin where that was
    claimed.
    """

    treatment: str
    baseline: str
    on: str
    margin: float = 0.0


def comparison_rows(run: RunData, plan: Plan, standing: Standing) -> Iterator[ComparisonRow]:
    """The confirmatory comparisons of each student, the primary first, then the exploratory ones.

    Exploratory are the primary pair on the other estimands and on every suite, each other method
    against the primary baseline on all estimands, and everything where the plan was not kept. A
    comparison on suites that a side was not asked is left out. Where seeds or suites came after the
    plan was registered, planned comparisons are confirmatory without them, and exploratory with
    them.
    """
    as_registered = run.as_registered()
    added = run.registration.added
    extended = bool(added.seeds or added.suites)
    planned = [Comparison(p.treatment, p.baseline, p.contrast, p.margin) for p in plan.all]
    primary = planned[0]
    for student in dict.fromkeys(system.student for system in run.systems):
        found: list[ComparisonRow] = []
        confirmatory = planned if standing == "kept" else []
        for each in confirmatory:
            is_primary = each == primary
            found += _compare(as_registered, student, each, primary=is_primary, kind="confirmatory")
        # The primary claim is judged as planned, wherever it could be made so.
        judged = any(row.primary for row in found)
        for each in dict.fromkeys((*planned, *_further(run, student, primary))):
            if extended or each not in confirmatory:
                is_primary = each == primary and not judged
                found += _compare(run, student, each, primary=is_primary, kind="exploratory")
        yield from _adjusted(found, "confirmatory", holm)
        yield from _adjusted(found, "exploratory", benjamini_hochberg)


def _further(run: RunData, student: str, primary: Comparison) -> Iterator[Comparison]:
    """What is compared beside the plan; what the plan holds may occur again."""
    wide = list(estimands(run.items))
    suites = run.items.suites
    for on in dict.fromkeys([primary.on, *wide, *suites]):
        margin = primary.margin if on == primary.on else 0.0
        yield Comparison(primary.treatment, primary.baseline, on, margin)
    for system in run.systems:
        if system.student == student and system.method not in (primary.treatment, primary.baseline):
            for on in wide:
                yield Comparison(system.method, primary.baseline, on)


def _adjusted(
    rows: list[ComparisonRow], kind: str, adjust: Callable[[list[float]], list[float]]
) -> list[ComparisonRow]:
    chosen = [row for row in rows if row.kind == kind]
    return [
        replace(row, p_adjusted=p)
        for row, p in zip(chosen, adjust([row.contrast.p for row in chosen]), strict=True)
    ]


def _compare(
    run: RunData, student: str, comparison: Comparison, *, primary: bool, kind: ComparisonKind
) -> Iterator[ComparisonRow]:
    pair = (comparison.treatment, comparison.baseline)
    selection = run.asked([run.system(student, method) for method in pair], comparison.on)
    if selection is None:
        return
    treatment, baseline = selection.systems
    contrast = selection.difference
    yield ComparisonRow(
        student=treatment.student,
        treatment=treatment.method,
        baseline=baseline.method,
        on=comparison.on,
        primary=primary,
        kind=kind,
        margin=comparison.margin,
        contrast=contrast,
        p_adjusted=contrast.p,
        seeds=(len(treatment.seeds), len(baseline.seeds)),
        suites=tuple(suites_of(run.items, comparison.on)),
        reading=split_by_reading(
            ReadOutcomes(treatment.correct, treatment.parse_ok),
            ReadOutcomes(baseline.correct, baseline.parse_ok),
            selection.design,
        ),
    )
