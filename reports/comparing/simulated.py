"""Simulations as they are told: scenarios, what is done with one, a table of what came out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reports.comparing.simulation import (
    EFFECT,
    MARGIN,
    NAIVE,
    SCENARIOS,
    Rates,
    monte_carlo_error,
    rates,
)
from reports.rendering.numerals import percent
from reports.rendering.tables import Entry, Table


@dataclass(frozen=True, slots=True)
class Simulation:
    """Scenarios (each has a `name`), and what is simulated and told of them.

    `rates` takes a scenario, how many replicates, and random numbers; `table` what it found of all
    scenarios, and a note on how far that goes.
    """

    scenarios: Sequence[Any]
    rates: Callable[[Any, int, np.random.Generator], Any]
    table: Callable[[list[Any], str], Table]


def note(replicates: int) -> str:
    """How many were simulated, and how far that goes."""
    error = 100 * monte_carlo_error(0.05, replicates)
    return f"{replicates:,} simulated; a true 5.0 has a standard error of {error:.2f}"


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


CONTRASTS = Simulation(SCENARIOS, rates, contrasts_table)
