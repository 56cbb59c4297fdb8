"""An accuracy as a cell of a table."""

from __future__ import annotations

from reports.rendering.numerals import percent
from reports.rendering.tables import Entry
from reports.run_report.report_content import AccuracyRow


def accuracy_cell(row: AccuracyRow, *, marked: bool = False) -> Entry:
    """The accuracy; under it the interval, answers without a parse and outputs cut off."""
    shares = f"unparsed {percent(row.unparsed)} · cut off {percent(row.truncated)}"
    interval = f"{percent(row.accuracy.lower)}–{percent(row.accuracy.upper)}"
    below = marked and not row.above_majority
    return Entry(percent(row.accuracy.value), f"{interval} · {shares}", "bad" if below else "plain")
