"""The tables of a report as LaTeX."""

from __future__ import annotations

from reports.rendering.latex import latex_table, latex_text
from reports.run_report.report_content import Report
from reports.run_report.sections import sections
from reports.run_report.unfinished import unfinished_answers


def render_latex(report: Report) -> str:
    """Every table of a report, under its section's name."""
    parts = [
        "% Tables of " + latex_text(report.name) + r"; needs \usepackage{booktabs}",
        f"% {latex_text(unfinished_answers(report))}",
    ]
    for section in sections(report):
        parts += [f"% {latex_text(section.title)}", *map(latex_table, section.tables)]
    return "\n".join(parts)
