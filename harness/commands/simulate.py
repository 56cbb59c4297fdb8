"""`cascod simulate`: how often the statistics err on runs whose truth is known."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.arguments import positive, seed
from tasks.errors import UserError
from tasks.files import write_whole

if TYPE_CHECKING:
    from multiprocessing.pool import Pool

    import numpy as np

    from reports.rendering.tables import Table

NAME = "simulate"
# What `make peers` makes.
ENVIRONMENT = Path(".venv-peers/bin/python")
HELP = "check by simulation how often tests, intervals, rankings and gates err"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "of",
        nargs="?",
        choices=tuple(SIMULATIONS),
        default="contrasts",
        help="two methods compared (default), eight systems ranked, a gate that looks several "
        "times, thirty nights of gating against a history",
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
    parser.add_argument(
        "--peers",
        nargs="?",
        const=ENVIRONMENT,
        type=Path,
        metavar="PYTHON",
        help="ask other packages about simulated runs, in the environment of this interpreter "
        f"(default: {ENVIRONMENT}, from `make peers`), in one process; about 1 s a run",
    )
    parser.add_argument("--md", metavar="FILE", type=Path, help="write the tables as Markdown")


def run(args: argparse.Namespace) -> int:
    """Simulate every scenario and print what came out."""
    from reports.rendering.markdown import markdown_table
    from reports.rendering.terminal import print_table, wide_terminal

    tables = [SIMULATIONS[args.of](args)] if args.peers is None else _peers(args)
    if args.md is not None:
        lines = (line for table in tables for line in markdown_table(table))
        write_whole(args.md, "\n".join(lines) + "\n")
    for table in tables:
        print_table(table, wide_terminal())
    return 0


def _contrasts(args: argparse.Namespace) -> Table:
    from reports.comparing.simulated import contrasts_table
    from reports.comparing.simulation import SCENARIOS, rates

    return contrasts_table(_simulated(rates, SCENARIOS, args), _note(args.replicates))


def _ranks(args: argparse.Namespace) -> Table:
    from reports.ranking.simulated import ranks_table
    from reports.ranking.simulation import RANK_SCENARIOS, rank_rates

    return ranks_table(_simulated(rank_rates, RANK_SCENARIOS, args), _note(args.replicates))


def _looks(args: argparse.Namespace) -> Table:
    from reports.gating.look_simulation import LOOKINGS, look_rates
    from reports.gating.simulated import looks_table

    found = _simulated(look_rates, LOOKINGS, args)
    return looks_table([rates for of_one in found for rates in of_one], _note(args.replicates))


def _history(args: argparse.Namespace) -> Table:
    from reports.gating.history_simulation import SERIES, simulate_history
    from reports.gating.simulated import history_table

    return history_table(_simulated(simulate_history, SERIES, args), _note(args.replicates))


SIMULATIONS = {"contrasts": _contrasts, "ranks": _ranks, "looks": _looks, "history": _history}


def _peers(args: argparse.Namespace) -> list[Table]:
    """Ours and the other packages on the same runs, and what was called of them."""
    from reports.peers.ask import peers_in
    from reports.peers.error_rates import CASES, error_rates
    from reports.peers.peer_tables import calls_table, rates_table

    found = []
    with peers_in(args.peers) as peers:
        for number, (case, rng) in enumerate(chosen := _chosen(CASES, args), start=1):
            found += error_rates(case, args.replicates, peers, rng)
            print(f"[{number}/{len(chosen)}] {case.name}", file=sys.stderr)
    return [rates_table(found, peers.versions), calls_table(peers.versions)]


def _simulated(
    rates_of: Callable[[Any, int, np.random.Generator], Any],
    scenarios: Sequence[Any],
    args: argparse.Namespace,
) -> list[Any]:
    """Rates of every chosen scenario."""
    chosen = _chosen(scenarios, args)
    found = []
    with _processes(args.jobs) as pool:
        results = [
            pool.apply_async(rates_of, (scenario, args.replicates, rng)) for scenario, rng in chosen
        ]
        for number, ((scenario, _), result) in enumerate(zip(chosen, results, strict=True), 1):
            found.append(result.get())
            print(f"[{number}/{len(chosen)}] {scenario.name}", file=sys.stderr)
    return found


def _chosen(
    scenarios: Sequence[Any], args: argparse.Namespace
) -> list[tuple[Any, np.random.Generator]]:
    """Scenarios whose name holds the wanted words, each with a random stream of its own."""
    import numpy as np

    streams = np.random.SeedSequence(args.seed).spawn(len(scenarios))
    chosen = [
        (scenario, np.random.default_rng(stream))
        for scenario, stream in zip(scenarios, streams, strict=True)
        if not args.scenario or any(words in scenario.name for words in args.scenario)
    ]
    if not chosen:
        raise UserError(f"no scenario is called like {', '.join(args.scenario)}")
    return chosen


def _processes(count: int) -> Pool:
    """Processes that end as soon as they are left; Ctrl-C is for this one, who then leaves them."""
    import multiprocessing
    import signal

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return multiprocessing.get_context("spawn").Pool(count)
    finally:
        signal.signal(signal.SIGINT, before)


def _note(replicates: int) -> str:
    """How many were simulated, and how far that goes."""
    from reports.comparing.simulation import monte_carlo_error

    error = 100 * monte_carlo_error(0.05, replicates)
    return f"{replicates:,} simulated; a true 5.0 has a standard error of {error:.2f}"
