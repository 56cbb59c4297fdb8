"""The other packages beside ours, as tables: how often they err, and what was called."""

from __future__ import annotations

from reports.comparing.simulation import MARGIN, monte_carlo_error
from reports.peers.calls import PEERS
from reports.peers.error_rates import ErrorRates
from reports.rendering.numerals import percent
from reports.rendering.tables import NOT_ASKED, Entry, Table


def rates_table(found: list[ErrorRates], versions: dict[str, str]) -> Table:
    """A line for each case and package: shares in percent with their standard errors."""
    columns = (
        *("runs", "package", "size", "coverage"),
        *(f"gate at −{100 * MARGIN:.0f}", "equal passes"),
    )
    rows = tuple(
        (
            Entry(each.case.name),
            Entry(" ".join(filter(None, (each.who, versions.get(each.who))))),
            *(
                Entry(_with_error(share, each.replicates))
                for share in (each.size, each.coverage, each.passes_at_margin, each.equal_passes)
            ),
        )
        for each in found
    )
    title = f"Percent of {found[0].replicates:,} simulated runs (standard errors)"
    return Table(title, columns, rows, 2)


def calls_table(versions: dict[str, str]) -> Table:
    """What was called of each package, and what it does with seeds and clusters."""
    columns = ("package", "called", "lower bound for the gate", "seeds", "clusters")
    rows = tuple(
        (
            Entry(f"{name} {versions[name]}"),
            *(Entry(said) for said in (peer.called, peer.bound_called, peer.seeds, peer.clusters)),
        )
        for name, peer in PEERS.items()
    )
    return Table("What was called", columns, rows, len(columns))


def _with_error(share: float | None, replicates: int) -> str:
    if share is None:
        return NOT_ASKED
    return f"{percent(share)} ({percent(monte_carlo_error(share, replicates))})"
