"""From a run's data to the content of its report."""

from __future__ import annotations

from collections.abc import Iterator

from reports.cue_audit.audit import CueAudit
from reports.logs.plan import Registration, plan_of
from reports.logs.run_data import RunData
from reports.reasoning.vendi import Embedder
from reports.reasoning_report.build_space import reasoning_space
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
from reports.run_report.published import matching
from reports.run_report.report_content import PublishedRow, Report, SystemRow
from reports.run_report.verdict import verdicts

FEW_SEEDS = 3


def summarize(
    run: RunData,
    published: list[PublishedRow],
    cues: CueAudit | None,
    embedder: Embedder | None,
    name: str,
) -> Report:
    """The whole content of a report; `name` is used where the experiment has none."""
    suites = suite_rows(run.items)
    students = list(dict.fromkeys(system.student for system in run.systems if system.trained))
    plan = plan_of(run.experiment, [row.suite for row in suites])
    standing = run.registration.standing
    comparisons = tuple(comparison_rows(run, plan, standing)) if plan else ()
    tasks = tuple(task_accuracies(run))
    reasoning, left_out = reasoning_space(run, plan.primary if plan else None, embedder)
    return Report(
        name=str(run.experiment.get("name") or name),
        verdicts=tuple(verdicts(plan.primary, students, comparisons)) if plan else (),
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
        published=matching(
            published, [row.suite for row in suites], {system.method for system in run.systems}
        ),
        items=tuple(browsed_items(run, plan.primary if plan else None)),
        reasoning=reasoning,
        cues=cues,
        registration=run.registration,
        notes=(
            *run.notes,
            *left_out,
            *(_standing(run.registration) if plan else ()),
            *_cautions(run, students if plan else []),
        ),
        experiment=run.experiment,
        provenance=run.provenance,
        evaluations=tuple(seed.info for system in run.systems for seed in system.runs),
    )


def _standing(registration: Registration) -> Iterator[str]:
    if registration.standing == "unregistered":
        yield "no plan was registered before training (no plan.json): every comparison is exploratory"
    for change in registration.changes:
        yield (
            f"the plan was changed after training started on {registration.registered}: {change}; "
            "every comparison is exploratory"
        )


def _cautions(run: RunData, claimed: list[str]) -> Iterator[str]:
    """What a reader should know before trusting a figure; `claimed`: students with a verdict."""
    if len(claimed) > 1:
        yield f"{len(claimed)} verdicts, one a student: their p values are not corrected for number"
    for system in run.systems:
        seeds = len(system.seeds)
        if system.trained and seeds < FEW_SEEDS:
            yield (
                f"{system.name} has {seeds} training seed"
                f"{'s' if seeds > 1 else ''}: its spread over seeds is poorly known"
            )
    for suite in run.experiment.get("suites") or []:
        if isinstance(suite, dict) and suite.get("limit"):
            most = suite["limit"]
            yield f"{suite.get('name')} is a random subset, at most {most} items a task"
    for field, name in (("generation", "decoding settings"), ("data_fingerprint", "training data")):
        for student in dict.fromkeys(system.student for system in run.systems):
            settings = {
                repr(seed.info.get(field))
                for system in run.systems
                if system.student == student and system.trained
                for seed in system.runs
            }
            if len(settings) > 1:
                yield f"{student}: {name} differ between runs; the methods were not treated alike"
