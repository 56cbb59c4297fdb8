"""Simulated looks and histories as tables."""

from __future__ import annotations

from collections.abc import Sequence

from reports.comparing.simulated import Simulation
from reports.gating.history_simulation import SERIES, Found, due, simulate_history
from reports.gating.look_simulation import BAD, LOOKINGS, LookRates, look_rates
from reports.rendering.numerals import percent, share
from reports.rendering.tables import NOT_ASKED, Entry, Table


def looks_table(found: Sequence[Sequence[LookRates]], note: str) -> Table:
    """A row a rule of each scenario: what it decided of candidates that lose nothing, the margin,
    and more.
    """
    columns = (
        "candidates",
        "gate",
        "equal: pass",
        "responses",
        "at the margin: pass",
        "fail",
        f"loses {BAD:g} margins: fail",
        "responses",
    )
    rows = tuple(
        (
            Entry(each.looking.name),
            Entry(each.rule.name),
            Entry(percent(each.equal.passed)),
            Entry(f"{each.equal.responses:,.0f}"),
            Entry(percent(each.at_margin.passed)),
            Entry(percent(each.at_margin.failed)),
            Entry(percent(each.bad.failed)),
            Entry(f"{each.bad.responses:,.0f}"),
        )
        for of_one in found
        for each in of_one
    )
    return Table(f"Percent, and mean responses of the candidate; {note}", columns, rows, 2)


def history_table(found: Sequence[Found], note: str) -> Table:
    """A row a series of nights."""
    columns = (
        *("thirty nights of", "alarm", "untrue", "in time", "FAIL in time"),
        *("median night", "PASS"),
    )
    rows = tuple(
        (
            Entry(each.series.name),
            Entry(percent(each.alarm)),
            Entry(NOT_ASKED if each.series.loss else percent(each.untrue)),
            Entry(_by(each.in_time, each.series.loss)),
            Entry(_by(each.failed, each.series.loss)),
            Entry(NOT_ASKED if each.night is None else f"{each.night:.0f}"),
            Entry(percent(each.passed)),
        )
        for each in found
    )
    return Table(f"Percent of histories; {note}", columns, rows, 1)


def _by(found: float | None, loss: float) -> str:
    """The share, and the night by which it is counted."""
    return NOT_ASKED if found is None else f"{share(found)} by night {due(loss)}"


LOOKS = Simulation(LOOKINGS, look_rates, looks_table)
HISTORY = Simulation(SERIES, simulate_history, history_table)
