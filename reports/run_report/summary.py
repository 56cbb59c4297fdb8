"""From a run's data to the content of its report."""

from __future__ import annotations

from reports.hint_audit.audit import HintAudit
from reports.logs.plan import Plan
from reports.logs.run_data import RunData
from reports.reasoning_report.reasoning_space import ReasoningSpace
from reports.run_report.accuracy_rows import (
    macro_rows,
    majority_rows,
    suite_accuracies,
    suite_rows,
    task_accuracies,
)
from reports.run_report.attribution import effect_rows
from reports.run_report.comparisons import comparison_rows
from reports.run_report.costs import cost_rows
from reports.run_report.item_browser import browsed_items
from reports.run_report.noise_floor import noise_rows
from reports.run_report.report_content import PublishedRow, Report, SystemRow
from reports.run_report.verdict import verdicts


def summarize(
    run: RunData,
    plan: Plan | None,
    *,
    name: str,
    published: tuple[PublishedRow, ...],
    reasoning: ReasoningSpace | None,
    hints: HintAudit | None,
    notes: tuple[str, ...],
) -> Report:
    """The whole content of a report; `name` is used where the experiment has none."""
    suites = suite_rows(run.items)
    trained = [system.student for system in run.systems if system.trained]
    students = list(dict.fromkeys([*trained, *(cell.student for cell in run.failed)]))
    standing = run.registration.standing
    comparisons = tuple(comparison_rows(run, plan, standing)) if plan else ()
    tasks = tuple(task_accuracies(run))
    return Report(
        name=str(run.experiment.get("name") or name),
        verdicts=tuple(verdicts(plan.primary, students, comparisons, run.failed)) if plan else (),
        systems=tuple(
            SystemRow(s.student, s.method, tuple(seed for seed in s.seeds if seed is not None))
            for s in run.systems
        ),
        suites=suites,
        accuracies=tuple(suite_accuracies(run)),
        macros=tuple(macro_rows(run)),
        comparisons=comparisons,
        effects=tuple(effect_rows(run)),
        noise=tuple(noise_rows(run, plan.primary if plan else None)),
        tasks=tasks,
        majority=tuple(majority_rows(run, tasks)),
        costs=tuple(cost_rows(run, plan.primary.baseline if plan else None)),
        published=published,
        items=tuple(browsed_items(run, plan.primary if plan else None)),
        reasoning=reasoning,
        cues=hints,
        registration=run.registration,
        failed=run.failed,
        notes=notes,
        experiment=run.experiment,
        provenance=run.provenance,
        evaluations=tuple(seed.info for system in run.systems for seed in system.runs),
    )
