"""`cascod simulate`: how often the statistics err on runs whose truth is known."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from harness.arguments import positive, seed
from tasks.errors import UserError
from tasks.files import write_whole

if TYPE_CHECKING:
    import numpy as np

    from reports.comparing.simulation import Rates
    from reports.ranking.simulation import RankRates
    from reports.rendering.tables import Table


class Named(Protocol):
    """A scenario of whatever kind."""

    @property
    def name(self) -> str:
        """What it is called."""


S = TypeVar("S", bound=Named)
R = TypeVar("R")

NAME = "simulate"
HELP = "check by simulation how often tests, intervals, gate and ranking err"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--replicates",
        type=positive,
        default=1000,
        help="simulated runs a scenario and question (default: 1000, about 15 s a scenario)",
    )
    parser.add_argument("--seed", type=seed, default=0, help="of the random numbers (default: 0)")
    parser.add_argument(
        "--scenario",
        action="append",
        default=[],
        metavar="WORDS",
        help="only scenarios whose name holds these words; may be given several times",
    )
    parser.add_argument("--jobs", type=positive, default=1, help="processes (default: 1)")
    parser.add_argument("--md", metavar="FILE", type=Path, help="write the table as Markdown")


def run(args: argparse.Namespace) -> int:
    """Simulate every scenario and print the table."""
    from reports.comparing.simulation import SCENARIOS, rates
    from reports.ranking.simulation import RANK_SCENARIOS, rank_rates
    from reports.rendering.markdown import markdown_table
    from reports.rendering.terminal import print_table, wide_terminal

    tables = []
    if pairs := _simulated(rates, SCENARIOS, args):
        tables.append(_table(pairs, args.replicates))
    if rankings := _simulated(rank_rates, RANK_SCENARIOS, args):
        tables.append(_rank_table(rankings, args.replicates))
    if not tables:
        raise UserError(f"no scenario is called like {', '.join(args.scenario)}")
    if args.md is not None:
        lines = (line for table in tables for line in markdown_table(table))
        write_whole(args.md, "\n".join(lines) + "\n")
    for table in tables:
        print_table(table, wide_terminal())
    return 0


def _simulated(
    rates_of: Callable[[S, int, np.random.Generator], R],
    scenarios: Sequence[S],
    args: argparse.Namespace,
) -> list[R]:
    """Rates of every scenario whose name was asked for, each on a random stream of its own."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    import numpy as np

    streams = np.random.SeedSequence(args.seed).spawn(len(scenarios))
    chosen = [
        (scenario, np.random.default_rng(stream))
        for scenario, stream in zip(scenarios, streams, strict=True)
        if not args.scenario or any(words in scenario.name for words in args.scenario)
    ]
    found: list[R] = []
    if not chosen:
        return found
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.jobs, mp_context=spawn) as pool:
        futures = [
            pool.submit(rates_of, scenario, args.replicates, rng) for scenario, rng in chosen
        ]
        for number, ((scenario, _), future) in enumerate(zip(chosen, futures, strict=True), 1):
            found.append(future.result())
            print(f"[{number}/{len(chosen)}] {scenario.name}", file=sys.stderr)
    return found


def _table(found: list[Rates], replicates: int) -> Table:
    from reports.comparing.simulation import EFFECT, MARGIN, NAIVE
    from reports.rendering.numerals import percent
    from reports.rendering.tables import Entry, Table

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
    return Table(_title(replicates), columns, rows, 1)


def _rank_table(found: list[RankRates], replicates: int) -> Table:
    from reports.ranking.simulation import STEP
    from reports.rendering.numerals import percent
    from reports.rendering.tables import Entry, Table

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
    return Table(_title(replicates), columns, rows, 1)


def _title(replicates: int) -> str:
    from reports.comparing.simulation import monte_carlo_error

    error = 100 * monte_carlo_error(0.05, replicates)
    return (
        f"Percent of {replicates:,} simulated runs; a true 5.0 has a standard error of {error:.2f}"
    )
