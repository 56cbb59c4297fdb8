"""`cascod simulate`: how often the statistics err on runs whose truth is known."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import positive, seed
from harness.commands.gate import LOG_WIDTH
from tasks.errors import UserError
from tasks.files import write_whole

if TYPE_CHECKING:
    from reports.comparing.simulation import Rates, Scenario
    from reports.rendering.tables import Table

NAME = "simulate"
# What `make peers` makes.
ENVIRONMENT = Path(".venv-peers/bin/python")
HELP = "check by simulation how often tests, intervals and gate err"


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
    parser.add_argument(
        "--peers",
        nargs="?",
        const=ENVIRONMENT,
        type=Path,
        metavar="PYTHON",
        help="ask other packages about simulated runs, in the environment of this interpreter "
        f"(default: {ENVIRONMENT}, from `make peers`), in one process; about 1 s a run",
    )
    parser.add_argument("--md", metavar="FILE", type=Path, help="write the table as Markdown")


def run(args: argparse.Namespace) -> int:
    """Simulate every scenario and print the table."""
    from rich.console import Console

    from reports.comparing.simulation import scenario_named
    from reports.rendering.markdown import markdown_table
    from reports.rendering.terminal import print_table

    if args.peers is not None:
        tables = _peers(args)
    else:
        chosen = scenario_named(args.scenario)
        if not chosen:
            raise UserError(f"no scenario is called like {', '.join(args.scenario)}")
        found = _simulate(chosen, args.replicates, args.seed, args.jobs)
        tables = [_table(found, args.replicates)]
    if args.md is not None:
        lines = (line for table in tables for line in markdown_table(table))
        write_whole(args.md, "\n".join(lines) + "\n")
    for table in tables:
        print_table(table, Console(width=None if sys.stdout.isatty() else LOG_WIDTH))
    return 0


def _peers(args: argparse.Namespace) -> list[Table]:
    """Ours and the other packages on the same runs, and what was called of them."""
    import numpy as np

    from reports.peers.ask import peers_in
    from reports.peers.error_rates import CASES, error_rates
    from reports.peers.peer_tables import calls_table, rates_table

    chosen = [
        case
        for case in CASES
        if not args.scenario or any(words in case.name for words in args.scenario)
    ]
    if not chosen:
        raise UserError(f"no scenario is called like {', '.join(args.scenario)}")
    streams = np.random.SeedSequence(args.seed).spawn(len(CASES))
    found = []
    with peers_in(args.peers) as peers:
        for number, case in enumerate(chosen, start=1):
            rng = np.random.default_rng(streams[CASES.index(case)])
            found += error_rates(case, args.replicates, peers, rng)
            print(f"[{number}/{len(chosen)}] {case.name}", file=sys.stderr)
    return [rates_table(found, peers.versions), calls_table(peers.versions)]


def _simulate(chosen: tuple[Scenario, ...], replicates: int, seed: int, jobs: int) -> list[Rates]:
    """Rates of every scenario, each on a random stream of its own."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    import numpy as np

    from reports.comparing.simulation import SCENARIOS, rates

    streams = np.random.SeedSequence(seed).spawn(len(SCENARIOS))
    generators = [np.random.default_rng(streams[SCENARIOS.index(s)]) for s in chosen]
    found = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn) as pool:
        futures = [
            pool.submit(rates, scenario, replicates, rng)
            for scenario, rng in zip(chosen, generators, strict=True)
        ]
        for number, (scenario, future) in enumerate(zip(chosen, futures, strict=True), start=1):
            found.append(future.result())
            print(f"[{number}/{len(chosen)}] {scenario.name}", file=sys.stderr)
    return found


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
