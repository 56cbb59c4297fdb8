"""The comparisons a report makes: those of the plan, and what else there is to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from reports.comparing.otherwise import Otherwise
from reports.logs.plan import Plan, Standing
from reports.logs.run_data import RunData
from reports.run_report.outcomes import depends
from reports.run_report.report_content import ComparisonKind, ComparisonRow, Unfinished
from reports.statistics.answers import Answers, the_other
from reports.statistics.multiplicity import benjamini_hochberg, holm
from reports.statistics.weights import estimands, suites_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """Treatment against baseline on an estimand or a suite, better by a margin where that was
    claimed, with `answers` counted so.
    """

    treatment: str
    baseline: str
    on: str
    margin: float
    answers: Answers


def comparison_rows(run: RunData, plan: Plan, standing: Standing) -> Iterator[ComparisonRow]:
    """The confirmatory comparisons of each student, the primary first, then the exploratory ones.

    Exploratory are the primary pair on the other estimands and on every suite, each other method
    against the primary baseline on all estimands, and everything where the plan was not kept;
    their answers are counted as the primary one's. A
    comparison on suites that a side was not asked is left out. Where seeds or suites came after the
    plan was registered, planned comparisons are confirmatory without them, and exploratory with
    them.
    """
    as_registered = run.as_registered()
    added = run.registration.added
    extended = bool(added.seeds or added.suites)
    planned = [
        Comparison(p.treatment, p.baseline, p.contrast, p.margin, p.answers) for p in plan.all
    ]
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
        yield replace(primary, on=on, margin=margin)
    for system in run.systems:
        if system.student == student and system.method not in (primary.treatment, primary.baseline):
            for on in wide:
                yield replace(primary, treatment=system.method, on=on, margin=0.0)


def _adjusted(
    rows: list[ComparisonRow], kind: str, adjust: Callable[[list[float]], list[float]]
) -> list[ComparisonRow]:
    """The rows of a kind, adjusted together, and so once more with answers the other way."""
    chosen = [row for row in rows if row.kind == kind]
    planned = adjust([row.contrast.p for row in chosen])
    otherwise = adjust([row.otherwise.contrast.p for row in chosen])
    adjusted = [
        replace(row, p_adjusted=p, otherwise=replace(row.otherwise, p_adjusted=other))
        for row, p, other in zip(chosen, planned, otherwise, strict=True)
    ]
    return [replace(row, depends=depends(row)) for row in adjusted]


def _compare(
    run: RunData, student: str, comparison: Comparison, *, primary: bool, kind: ComparisonKind
) -> Iterator[ComparisonRow]:
    pair = (comparison.treatment, comparison.baseline)
    selection = run.asked([run.system(student, method) for method in pair], comparison.on)
    if selection is None:
        return
    planned = selection.answered(comparison.answers)
    treatment, baseline = planned.systems
    unfinished = Unfinished(
        *(float(np.mean(s.rationale_truncated | s.answer_truncated)) for s in planned.systems),
        *(float(np.mean(s.answer_forced)) for s in planned.systems),
    )
    contrast = otherwise = planned.difference
    if unfinished.forced:
        otherwise = selection.answered(the_other(comparison.answers)).difference
    yield ComparisonRow(
        student=treatment.student,
        treatment=treatment.method,
        baseline=baseline.method,
        on=comparison.on,
        primary=primary,
        kind=kind,
        margin=comparison.margin,
        answers=comparison.answers,
        contrast=contrast,
        p_adjusted=contrast.p,
        otherwise=Otherwise(otherwise, p_adjusted=otherwise.p),
        depends=False,
        seeds=(len(treatment.seeds), len(baseline.seeds)),
        suites=tuple(suites_of(run.items, comparison.on)),
        reading=planned.reading,
        unfinished=unfinished,
    )
