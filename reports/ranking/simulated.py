"""Error rates of simulated rankings as a table."""

from __future__ import annotations

from collections.abc import Sequence

from reports.comparing.simulated import Simulation
from reports.ranking.simulation import RANK_SCENARIOS, STEP, RankRates, rank_rates
from reports.rendering.numerals import percent
from reports.rendering.tables import Entry, Table


def ranks_table(found: Sequence[RankRates], note: str) -> Table:
    """A row a scenario, in percent; `note` says how many were simulated."""
    columns = (
        *("ranking", "any of equal told apart", "without adjustment", "all intervals hold"),
        *("any wrong way round", f"pairs found at steps of {100 * STEP:.0f}"),
    )
    rows = tuple(
        (
            Entry(each.scenario.name),
            Entry(percent(each.family)),
            Entry(percent(each.unadjusted)),
            Entry(percent(each.coverage)),
            Entry(percent(each.wrong)),
            Entry(percent(each.found)),
        )
        for each in found
    )
    return Table(f"Percent of rankings; {note}", columns, rows, 1)


RANKS = Simulation(RANK_SCENARIOS, rank_rates, ranks_table)
