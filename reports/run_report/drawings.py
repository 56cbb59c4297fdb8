"""The charts of a report, drawn."""

from __future__ import annotations

from functools import partial

from reports.rendering.figures import Drawing, draw
from reports.run_report import chart_findings as findings
from reports.run_report.charts import (
    accuracy_chart,
    averages_chart,
    comparisons_chart,
    costs_chart,
    effects_chart,
)
from reports.run_report.heat_map import tasks_chart
from reports.run_report.reasoning_charts import probe_chart, space_chart
from reports.run_report.report_content import Report

CHARTS = {
    "accuracy": (accuracy_chart, findings.accuracy_finding),
    "averages": (averages_chart, findings.averages_finding),
    "comparisons": (comparisons_chart, findings.comparisons_finding),
    "tasks": (tasks_chart, findings.tasks_finding),
    "effects": (effects_chart, findings.effects_finding),
    "space": (space_chart, findings.space_finding),
    "preset": (probe_chart, findings.preset_finding),
    "costs": (costs_chart, findings.costs_finding),
}


def drawings(report: Report) -> dict[str, Drawing]:
    """The report's charts by name."""
    drawn = {}
    for name, (chart, finding) in CHARTS.items():
        if drawing := draw(name, partial(chart, report), partial(finding, report)):
            drawn[name] = drawing
    return drawn
