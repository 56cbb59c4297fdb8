"""Tables of an audit."""

from __future__ import annotations

from reports.cue_audit.audit import ALPHA, CueAudit
from reports.rendering.numerals import p_value, percent, signed_points
from reports.rendering.tables import Cell, Table


def task_table(found: CueAudit) -> Table:
    """One row a task: commonest answer, bag of words, their difference."""
    rows = tuple(
        (
            Cell(row.task),
            Cell(str(row.questions)),
            Cell(str(row.answers)),
            Cell(percent(row.majority)),
            Cell(percent(row.bag_of_words)),
            Cell(
                signed_points(row.value),
                f"{signed_points(row.lower)} to {signed_points(row.upper)}",
                "bad" if row.p < ALPHA and row.value > 0 else "plain",
            ),
            Cell(p_value(row.p).removeprefix("= ")),
        )
        for row in sorted(found.tasks, key=lambda row: -row.value)
    )
    columns = ("task", "records", "answers", "majority", "words", "points", "adjusted p")
    return Table("Answers predicted from words alone, in percent", columns, rows, 1)


def association_table(found: CueAudit, most: int) -> Table:
    """The strongest associations, at most so many."""
    rows = tuple(
        (
            Cell(each.task),
            Cell(f"“{each.phrase}”"),
            Cell(each.answer),
            Cell(str(each.questions)),
            Cell(percent(each.share)),
            Cell(percent(each.base)),
            Cell(f"{each.z:.1f}"),
            Cell(p_value(each.p_adjusted).removeprefix("= ")),
        )
        for each in found.associations[:most]
    )
    columns = ("task", "phrase", "answer", "records", "% with it", "% in all", "z", "adjusted p")
    shown = f", {most} of {len(found.associations):,}" if len(found.associations) > most else ""
    return Table(f"Phrases that go with an answer{shown}", columns, rows, 3)
