"""A run directory in, its report out: terminal content, JSON, Markdown, HTML and charts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from reports.cue_audit.audit import audit
from reports.logs.run_data import load_run
from reports.logs.run_files import TRAINING_RECORDS
from reports.reasoning.vendi import Embedder
from reports.rendering.report_folder import write_folder
from reports.run_report.drawings import drawings
from reports.run_report.published import read_published
from reports.run_report.render_html import render_html
from reports.run_report.render_latex import render_latex
from reports.run_report.render_markdown import render_markdown
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
    cues = (
        audit(read_records(trained_on), np.random.default_rng(0), MOST_AUDITED)
        if trained_on.exists()
        else None
    )
    name = run_dir.resolve().name
    return summarize(load_run(run_dir), figures_published, cues, embedder, name)


def write_report(run_dir: Path, published: Path | None = None) -> Path:
    """Write report.json, .md, .html, tables.tex and figures/ into RUN/report; returns that folder."""
    return write_files(build_report(run_dir, published), run_dir / "report")


def write_files(report: Report, directory: Path) -> Path:
    """Write a report's files into `directory`, replacing those of an earlier one."""
    drawn = drawings(report)
    files: dict[str, str | bytes] = {
        "report.json": to_json(report),
        "report.md": render_markdown(report, drawn),
        "report.html": render_html(report, {name: each.svg for name, each in drawn.items()}),
        "tables.tex": render_latex(report),
    }
    for name, drawing in drawn.items():
        files[f"figures/{name}.svg"] = drawing.svg
        files[f"figures/{name}.pdf"] = drawing.pdf
    return write_folder(files, directory)


def to_json(report: Report) -> str:
    """The report as JSON (docs/report-schema.md); never NaN or Infinity."""
    return json.dumps(asdict(report), indent=2, ensure_ascii=False, allow_nan=False, default=str)
