"""`cascod simulate`: how often the statistics err on runs whose truth is known."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
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
KINDS = ("contrasts", "ranks", "looks", "history")
# What `make peers` makes.
ENVIRONMENT = Path(".venv-peers/bin/python")
HELP = "check by simulation how often tests, intervals, rankings and gates err"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "of",
        nargs="?",
        choices=KINDS,
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

    tables = [_table(args)] if args.peers is None else _peers(args)
    if args.md is not None:
        lines = (line for table in tables for line in markdown_table(table))
        write_whole(args.md, "\n".join(lines) + "\n")
    for table in tables:
        print_table(table, wide_terminal())
    return 0


def _table(args: argparse.Namespace) -> Table:
    """What was found in every chosen scenario of the wanted simulation."""
    from reports.comparing.simulated import CONTRASTS, note
    from reports.gating.simulated import HISTORY, LOOKS
    from reports.ranking.simulated import RANKS

    simulations = dict(zip(KINDS, (CONTRASTS, RANKS, LOOKS, HISTORY), strict=True))
    simulation = simulations[args.of]
    chosen = _chosen(simulation.scenarios, args)
    found = []
    with _processes(args.jobs) as pool:
        results = [
            pool.apply_async(simulation.rates, (scenario, args.replicates, rng))
            for scenario, rng in chosen
        ]
        for number, ((scenario, _), result) in enumerate(zip(chosen, results, strict=True), 1):
            found.append(result.get())
            print(f"[{number}/{len(chosen)}] {scenario.name}", file=sys.stderr)
    return simulation.table(found, note(args.replicates))


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
