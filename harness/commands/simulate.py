"""`cascod simulate`: how often the statistics err on runs whose truth is known."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.arguments import positive, seed
from harness.commands.gate import LOG_WIDTH
from tasks.errors import UserError
from tasks.files import write_whole

if TYPE_CHECKING:
    from reports.comparing.simulation import Rates
    from reports.rendering.tables import Table

NAME = "simulate"
HELP = "check by simulation how often tests, intervals and gates err"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "of",
        nargs="?",
        choices=("contrasts", "looks", "history"),
        default="contrasts",
        help="two methods compared (default), a gate that looks several times, thirty nights of "
        "gating against a history",
    )
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
    from rich.console import Console

    from reports.rendering.markdown import markdown_table
    from reports.rendering.terminal import print_table

    table = SIMULATIONS[args.of](args)
    if args.md is not None:
        write_whole(args.md, "\n".join(markdown_table(table)) + "\n")
    print_table(table, Console(width=None if sys.stdout.isatty() else LOG_WIDTH))
    return 0


def _contrasts(args: argparse.Namespace) -> Table:
    from reports.comparing.simulation import SCENARIOS, rates

    return _table(_simulate(SCENARIOS, rates, args), args.replicates)


def _looks(args: argparse.Namespace) -> Table:
    from reports.gating.look_simulation import LOOKINGS, look_rates
    from reports.gating.simulated import looks_table

    found = _simulate(LOOKINGS, look_rates, args)
    return looks_table([rates for of_one in found for rates in of_one], _note(args.replicates))


def _history(args: argparse.Namespace) -> Table:
    from reports.gating.history_simulation import SERIES, simulate_history
    from reports.gating.simulated import history_table

    return history_table(_simulate(SERIES, simulate_history, args), _note(args.replicates))


SIMULATIONS = {"contrasts": _contrasts, "looks": _looks, "history": _history}


def _simulate(
    scenarios: Sequence[Any], simulated: Callable[..., Any], args: argparse.Namespace
) -> list[Any]:
    """What was found in every scenario whose name holds the wanted words, each on a random stream
    of its own.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    import numpy as np

    chosen = [s for s in scenarios if not args.scenario or any(w in s.name for w in args.scenario)]
    if not chosen:
        raise UserError(f"no scenario is called like {', '.join(args.scenario)}")
    streams = np.random.SeedSequence(args.seed).spawn(len(scenarios))
    generators = [np.random.default_rng(streams[scenarios.index(s)]) for s in chosen]
    found = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.jobs, mp_context=spawn) as pool:
        futures = [
            pool.submit(simulated, scenario, args.replicates, rng)
            for scenario, rng in zip(chosen, generators, strict=True)
        ]
        for number, (scenario, future) in enumerate(zip(chosen, futures, strict=True), start=1):
            found.append(future.result())
            print(f"[{number}/{len(chosen)}] {scenario.name}", file=sys.stderr)
    return found


def _note(replicates: int) -> str:
    """How many were simulated, and how far that goes."""
    from reports.comparing.simulation import monte_carlo_error

    error = 100 * monte_carlo_error(0.05, replicates)
    return f"{replicates:,} simulated; a true 5.0 has a standard error of {error:.2f}"


def _table(found: list[Rates], replicates: int) -> Table:
    from reports.comparing.simulation import EFFECT, MARGIN, NAIVE, monte_carlo_error
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
    error = 100 * monte_carlo_error(0.05, replicates)
    title = (
        f"Percent of {replicates:,} simulated runs; a true 5.0 has a standard error of {error:.2f}"
    )
    return Table(title, columns, rows, 1)
