"""An accuracy as a cell of a table, or as two where answers were forced."""

from __future__ import annotations

from collections.abc import Iterator

from reports.rendering.numerals import percent
from reports.rendering.tables import Entry
from reports.run_report.report_content import AccuracyRow
from reports.statistics.intervals import Interval


def accuracy_cell(row: AccuracyRow, *, marked: bool = False) -> Entry:
    """The accuracy; under it the interval, answers without a parse and outputs cut off.

    Where answers were forced, their share and the accuracy as written stand there, too.
    """
    parts = [interval(row.accuracy), *_shares(row)]
    if row.forced:
        parts.append(f"as written {percent(row.as_written.value)}")
    below = marked and not row.above_majority
    return Entry(percent(row.accuracy.value), " · ".join(parts), "bad" if below else "plain")


def accuracy_pair(row: AccuracyRow) -> tuple[Entry, Entry]:
    """The accuracy with forced answers, and as written."""
    written = (interval(row.as_written), f"unparsed {percent(row.unparsed_as_written)}")
    return (
        Entry(percent(row.accuracy.value), " · ".join((interval(row.accuracy), *_shares(row)))),
        Entry(percent(row.as_written.value), " · ".join(written)),
    )


def interval(found: Interval) -> str:
    """An interval's ends in percent."""
    return f"{percent(found.lower)}–{percent(found.upper)}"


def _shares(row: AccuracyRow) -> Iterator[str]:
    yield f"unparsed {percent(row.unparsed)}"
    yield f"cut off {percent(row.truncated)}"
    if row.forced:
        yield f"forced {percent(row.forced)}"
