"""Error rates of simulated comparisons as a table."""

from __future__ import annotations

from collections.abc import Sequence

from reports.comparing.simulation import EFFECT, MARGIN, NAIVE, Rates
from reports.rendering.numerals import percent
from reports.rendering.tables import Entry, Table


def contrasts_table(found: Sequence[Rates], note: str) -> Table:
    """A row a scenario, in percent; `note` says how many were simulated."""
    columns = (
        "scenario",
        "size",
        "coverage",
        f"power at {100 * EFFECT:.0f}",
        f"gate at −{100 * MARGIN:.0f}",
        *NAIVE,
    )
    rows = tuple(
        (
            Entry(f"{each.scenario.name}{' (stress test)' if each.scenario.stress else ''}"),
            Entry(percent(each.size)),
            Entry(percent(each.coverage)),
            Entry(percent(each.power)),
            Entry("–" if each.gate_passes is None else percent(each.gate_passes)),
            *(Entry(percent(each.naive[name])) for name in NAIVE),
        )
        for each in found
    )
    return Table(f"Percent of runs; {note}", columns, rows, 1)
