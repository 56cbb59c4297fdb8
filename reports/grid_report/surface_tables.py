"""A surface as a table: outer values and students down, inner values across."""

from __future__ import annotations

from reports.grid_report.grid_content import GridReport
from reports.grid_report.surface import Corner, Surface
from reports.rendering.numerals import counted, percent, signed_interval, signed_points
from reports.rendering.tables import NOT_ASKED, Entry, Table
from reports.sweep_report.sweep_summary import on_label


def surface_table(report: GridReport, surface: Surface) -> Table:
    """The difference of every corner, and the baseline's accuracy there."""
    at = {(c.outer, c.student, c.inner): c for c in surface.corners}
    rows = tuple(
        (
            Entry(outer),
            Entry(student),
            *(_cell(at.get((outer, student, value.label))) for value in report.inner),
        )
        for outer in report.outer
        for student in report.students
        if any((outer, student, value.label) in at for value in report.inner)
    )
    columns = (report.outer_key, "student", *(value.label for value in report.inner))
    title = (
        f"{' − '.join(report.pair)} on {on_label(surface.on)} by {report.inner_key}, in percentage "
        f"points; below it the 95% interval, {report.pair[1]}'s accuracy and the seeds"
    )
    return Table(title, columns, rows, 2)


def _cell(corner: Corner | None) -> Entry:
    if corner is None:
        return Entry(NOT_ASKED)
    seeds = counted(corner.seeds, "seed")
    small = f"{signed_interval(corner.contrast)} · {percent(corner.baseline)}% · {seeds}"
    if corner.found and corner.reading.about_reading:
        small += " · mostly unread"
    return Entry(signed_points(corner.contrast.value), small, "strong" if corner.found else "plain")
