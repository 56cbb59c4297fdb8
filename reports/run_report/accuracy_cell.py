"""An accuracy as a cell of a table."""

from __future__ import annotations

from reports.rendering.numerals import percent
from reports.rendering.tables import Entry
from reports.run_report.report_content import AccuracyRow


def accuracy_cell(row: AccuracyRow, *, marked: bool = False) -> Entry:
    """The accuracy; under it the interval, answers without a parse and outputs cut off."""
    faults = [f"{percent(row.lower)}–{percent(row.upper)}", f"unparsed {percent(row.unparsed)}"]
    faults.append(f"cut off {percent(row.truncated)}")
    below = marked and not row.above_majority
    return Entry(percent(row.value), " · ".join(faults), "bad" if below else "plain")
