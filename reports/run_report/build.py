"""A run directory in, the content of its report out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from reports.hint_audit.audit import audit
from reports.logs.plan import plan_of
from reports.logs.run_data import load_run
from reports.logs.run_files import TRAINING_RECORDS
from reports.reasoning.vendi import Embedder
from reports.reasoning_report.build_space import reasoning_space
from reports.run_report.notes import cautions, leaks, standing_notes
from reports.run_report.published import matching, read_published
from reports.run_report.report_content import Report
from reports.run_report.summary import summarize
from tasks.records.record import read_records

# Training records that a report looks at; `cascod audit` looks at more.
MOST_AUDITED = 2_000


def build_report(
    run_dir: Path, published: Path | None = None, embedder: Embedder | None = None
) -> Report:
    """The content of a run's report; UserError where the run or the published files are at fault.

    With an `embedder` sampled rationales are compared by meaning as well.
    """
    figures_published = read_published(published) if published else []
    trained_on = run_dir / TRAINING_RECORDS
    hints = (
        audit(read_records(trained_on), np.random.default_rng(0), MOST_AUDITED)
        if trained_on.exists()
        else None
    )
    run = load_run(run_dir)
    suites = run.items.suites
    plan = plan_of(run.experiment)
    reasoning, left_out = reasoning_space(run, plan.primary if plan else None, embedder)
    trained = list(dict.fromkeys(system.student for system in run.systems if system.trained))
    return summarize(
        run,
        plan,
        name=run_dir.resolve().name,
        published=matching(figures_published, suites, {system.method for system in run.systems}),
        reasoning=reasoning,
        hints=hints,
        notes=(
            *run.notes,
            *left_out,
            *leaks(run_dir),
            *(standing_notes(run.registration) if plan else ()),
            *cautions(run, trained if plan else []),
        ),
    )
