"""Tables of an audit."""

from __future__ import annotations

from reports.hint_audit.audit import HintAudit
from reports.rendering.numerals import p_value, percent, signed_interval, signed_points
from reports.rendering.tables import Entry, Table


def task_table(found: HintAudit) -> Table:
    """One row a task: commonest answer, bag of words, their difference."""
    rows = tuple(
        (
            Entry(row.task),
            Entry(str(row.questions)),
            Entry(str(row.answers)),
            Entry(percent(row.majority)),
            Entry(percent(row.bag_of_words)),
            Entry(
                signed_points(row.contrast.value),
                signed_interval(row.contrast),
                "bad" if row.gives_away else "plain",
            ),
            Entry(p_value(row.p_adjusted).removeprefix("= ")),
        )
        for row in sorted(found.tasks, key=lambda row: -row.contrast.value)
    )
    columns = ("task", "records", "answers", "majority", "words", "points", "adjusted p")
    return Table("Answers predicted from words alone, in percent", columns, rows, 1)


def association_table(found: HintAudit, most: int) -> Table:
    """The strongest associations, at most so many."""
    rows = tuple(
        (
            Entry(each.task),
            Entry(
                f"“{each.phrase}”",
                f"and {each.overlapping} that overlap" if each.overlapping else "",
            ),
            Entry(each.answer),
            Entry(str(each.questions)),
            Entry(percent(each.share)),
            Entry(percent(each.base)),
            Entry(f"{each.z:.1f}"),
            Entry(p_value(each.p_adjusted).removeprefix("= ")),
        )
        for each in found.associations[:most]
    )
    columns = ("task", "phrase", "answer", "records", "% with it", "% in all", "z", "adjusted p")
    shown = f", {most} of {len(found.associations):,}" if len(found.associations) > most else ""
    return Table(f"Phrases that go with an answer{shown}", columns, rows, 3)
