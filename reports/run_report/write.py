"""A report's files: JSON, Markdown, HTML, LaTeX and charts."""

from __future__ import annotations

from pathlib import Path

from reports.logs.run_files import REPORT_FILE
from reports.rendering.as_json import to_json
from reports.rendering.report_folder import write_folder
from reports.run_report.drawings import drawings
from reports.run_report.render_html import render_html
from reports.run_report.render_latex import render_latex
from reports.run_report.render_markdown import render_markdown
from reports.run_report.report_content import Report


def write_files(report: Report, directory: Path) -> Path:
    """Write a report's files into `directory`, replacing those of an earlier one."""
    drawn = drawings(report)
    files: dict[str, str | bytes] = {
        REPORT_FILE: to_json(report),
        "report.md": render_markdown(report, drawn),
        "report.html": render_html(report, drawn),
        "tables.tex": render_latex(report),
    }
    for name, drawing in drawn.items():
        files[f"figures/{name}.svg"] = drawing.svg
        files[f"figures/{name}.pdf"] = drawing.pdf
    return write_folder(files, directory)
