"""A surface as curves with bands: a panel a value of the outer key, a curve a student."""

from __future__ import annotations

from matplotlib.figure import Figure

from reports.grid_report.grid_content import GridReport
from reports.grid_report.surface import Surface
from reports.rendering.chart_kit import INK, Sheet, legend, look, panels


def surface_chart(report: GridReport, surface: Surface, sheet: Sheet) -> Figure:
    """Treatment - baseline with its 95% band against the inner key."""
    figure, grid = panels(sheet, len(report.outer), 2.8, across=3, share=True)
    for axes, outer in zip(grid, report.outer, strict=True):
        for student in report.students:
            here = {c.inner: c for c in surface.corners if (c.student, c.outer) == (student, outer)}
            shown = [value for value in report.inner if value.label in here]
            found = [here[value.label].contrast for value in shown]
            x = [value.x for value in shown]
            colour, marker = look(report.students, student)
            lower, upper = [100 * c.lower for c in found], [100 * c.upper for c in found]
            axes.fill_between(x, lower, upper, color=colour, alpha=0.14, lw=0)
            y = [100 * c.value for c in found]
            axes.plot(x, y, color=colour, marker=marker, markersize=5, lw=1.6, label=student)
        axes.axhline(0, color=INK, lw=0.8)
        axes.set_title(f"{report.outer_key} = {outer}")
        if report.scale == "log":
            axes.set_xscale("log")
        axes.set_xticks([v.x for v in report.inner], [v.label for v in report.inner])
        axes.minorticks_off()
        axes.grid()
        axes.set_xlabel(report.inner_key)
        if axes.get_subplotspec().is_first_col():
            axes.set_ylabel("difference, points")
    legend(figure, sheet, grid)
    return figure
