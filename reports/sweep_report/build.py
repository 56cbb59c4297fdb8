"""A sweep's directory in, its report out: JSON, Markdown, HTML and charts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console

from reports.logs.run_files import REPORT
from reports.rendering.as_json import to_json
from reports.rendering.figures import Drawing, draw
from reports.rendering.report_folder import write_folder
from reports.rendering.terminal import plain
from reports.sweep_report.render_sweep import print_sweep, render_html, render_markdown
from reports.sweep_report.sweep_chart_findings import accuracy_finding, difference_finding
from reports.sweep_report.sweep_charts import accuracy_chart, difference_chart
from reports.sweep_report.sweep_content import SweepReport
from reports.sweep_report.sweep_data import load_sweep
from reports.sweep_report.sweep_summary import summarize


def build_sweep_report(directory: Path) -> SweepReport:
    """The content of a sweep's report; UserError where fewer than two values are evaluated."""
    return summarize(load_sweep(directory))


def write_sweep_report(report: SweepReport, directory: Path) -> Path:
    """Write sweep.json, .md, .html and figures/ into `directory`, replacing earlier ones."""
    titles, drawn = _drawings(report)
    files: dict[str, str | bytes] = {
        "sweep.json": to_json(report),
        "sweep.md": render_markdown(report, drawn),
        "sweep.html": render_html(report, titles, drawn),
    }
    for name, drawing in drawn.items():
        files[f"figures/{name}.svg"] = drawing.svg
        files[f"figures/{name}.pdf"] = drawing.pdf
    return write_folder(files, directory)


def report_sweep(directory: Path, console: Console) -> None:
    """Build, write and print the report of a sweep's directory."""
    report = build_sweep_report(directory)
    written = write_sweep_report(report, directory / REPORT)
    print_sweep(report, console)
    console.print(f"report: {plain(str(written / 'sweep.html'))}", highlight=False)


def _drawings(report: SweepReport) -> tuple[dict[str, str], dict[str, Drawing]]:
    """Titles and charts by name, two a student."""
    titles, drawn = {}, {}
    for student in report.students:
        behind = f"-{student}" if len(report.students) > 1 else ""
        of = f" ({student})" if behind else ""
        charts = {
            f"accuracy{behind}": (
                f"Accuracy by {report.key}{of}",
                accuracy_chart,
                accuracy_finding,
            ),
            f"difference{behind}": (
                f"{' − '.join(report.pair or ())} by {report.key}{of}",
                difference_chart,
                difference_finding,
            ),
        }
        for name, (title, chart, finding) in charts.items():
            words = partial(finding, report, student)
            if drawing := draw(name, partial(chart, report, student), words):
                titles[name], drawn[name] = title, drawing
    return titles, drawn
