"""The charts of a report, drawn."""

from __future__ import annotations

from functools import partial

from reports.rendering.figures import Drawing, draw
from reports.run_report.charts import (
    accuracy_chart,
    averages_chart,
    comparisons_chart,
    costs_chart,
    effects_chart,
    tasks_chart,
)
from reports.run_report.reasoning_charts import probe_chart, space_chart
from reports.run_report.report_content import Report


def drawings(report: Report) -> dict[str, Drawing]:
    """The report's charts by name."""
    charts = {
        "accuracy": accuracy_chart,
        "averages": averages_chart,
        "comparisons": comparisons_chart,
        "tasks": tasks_chart,
        "effects": effects_chart,
        "space": space_chart,
        "preset": probe_chart,
        "costs": costs_chart,
    }
    drawn = {}
    for name, chart in charts.items():
        if drawing := draw(name, partial(chart, report)):
            drawn[name] = drawing
    return drawn
