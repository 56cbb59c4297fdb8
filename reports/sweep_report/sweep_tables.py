"""A sweep as tables: values across, methods down."""

from __future__ import annotations

from collections.abc import Iterator

from reports.rendering.numerals import p_value, percent, signed_interval, signed_points
from reports.rendering.tables import NOT_ASKED, Entry, Table, Tone, without_constant_student
from reports.statistics.levels import LEVEL
from reports.sweep_report.sweep_content import AccuracyRow, ChangeRow, DifferenceRow, SweepReport
from reports.sweep_report.sweep_summary import on_label


def tables(report: SweepReport) -> Iterator[Table]:
    """All tables in reading order, without a column for the student where there is only one."""
    if report.changes:
        yield without_constant_student(change_table(report))
    if report.differences:
        yield without_constant_student(difference_table(report))
    yield without_constant_student(accuracy_table(report))


def change_table(report: SweepReport) -> Table:
    """A row for every estimand, method (first the plan's difference) and kind of change."""
    first, last = report.values[0].label, report.values[-1].label
    along = {"change": f"{first} → {last}", "trend": "linear trend"}
    rows = tuple(
        (
            Entry(row.student),
            Entry(on_label(row.on)),
            Entry(row.method or " − ".join(report.pair or ()), tone=_tone(row)),
            Entry(along[row.along]),
            Entry(row.contrast.claim),
            Entry(signed_points(row.contrast.value), tone=_tone(row)),
            Entry(signed_interval(row.contrast)),
            Entry(p_value(row.contrast.p).removeprefix("= ")),
            Entry(p_value(row.p_adjusted).removeprefix("= ")),
        )
        for row in report.changes
    )
    columns = ("student", "on", "score", "along", "claim", "points", "95% interval", "p", "q (BH)")
    return Table(f"Change along {report.key}, in percentage points", columns, rows, 5)


def difference_table(report: SweepReport) -> Table:
    """The plan's difference: estimands down, values across."""
    cells = {(row.student, row.on, row.at): _difference_cell(row) for row in report.differences}
    lines = dict.fromkeys((row.student, row.on) for row in report.differences)
    rows = tuple(
        (
            Entry(student),
            Entry(on_label(on)),
            *(cells.get((student, on, at), _LACKING) for at in _at(report)),
        )
        for student, on in lines
    )
    title = f"{' − '.join(report.pair or ())} by {report.key}, in percentage points"
    return Table(title, ("student", "on", *_at(report)), rows, 2)


def accuracy_table(report: SweepReport) -> Table:
    """Estimands and methods down, values across."""
    cells = {(r.student, r.on, r.method, r.at): _accuracy_cell(r) for r in report.accuracies}
    ranked = [row.on for row in report.differences] + [row.on for row in report.accuracies]
    order = list(dict.fromkeys(ranked))
    lines = sorted(
        dict.fromkeys((row.student, row.on, row.method) for row in report.accuracies),
        key=lambda line: (
            report.students.index(line[0]),
            order.index(line[1]),
            report.methods.index(line[2]),
        ),
    )
    rows = tuple(
        (
            Entry(line[0]),
            Entry(on_label(line[1])),
            Entry(line[2]),
            *(cells.get((*line, at), _LACKING) for at in _at(report)),
        )
        for line in lines
    )
    title = f"Accuracy by {report.key}, in percent"
    return Table(title, ("student", "on", "method", *_at(report)), rows, 3)


_LACKING = Entry(NOT_ASKED)


def _at(report: SweepReport) -> tuple[str, ...]:
    return tuple(value.label for value in report.values)


def _tone(row: ChangeRow) -> Tone:
    return "strong" if row.p_adjusted < LEVEL else "plain"


def _accuracy_cell(row: AccuracyRow) -> Entry:
    found = row.accuracy
    return Entry(percent(found.value), f"{percent(found.lower)}–{percent(found.upper)}")


def _difference_cell(row: DifferenceRow) -> Entry:
    if row.contrast.identical:
        return Entry("identical")
    return Entry(signed_points(row.contrast.value), signed_interval(row.contrast))
