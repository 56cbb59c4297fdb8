"""`cascod simulate`: how often the statistics err on runs whose truth is known."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harness.arguments import positive, seed
from tasks.errors import UserError
from tasks.files import write_whole

if TYPE_CHECKING:
    from multiprocessing.pool import Pool

    from reports.comparing.simulation import Rates, Scenario
    from reports.rendering.tables import Table

NAME = "simulate"
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
    parser.add_argument("--md", metavar="FILE", type=Path, help="write the table as Markdown")


def run(args: argparse.Namespace) -> int:
    """Simulate every scenario and print the table."""
    from reports.comparing.simulation import scenario_named
    from reports.rendering.markdown import markdown_table
    from reports.rendering.terminal import print_table, wide_terminal

    chosen = scenario_named(args.scenario)
    if not chosen:
        raise UserError(f"no scenario is called like {', '.join(args.scenario)}")
    found = _simulate(chosen, args.replicates, args.seed, args.jobs)
    table = _table(found, args.replicates)
    if args.md is not None:
        write_whole(args.md, "\n".join(markdown_table(table)) + "\n")
    print_table(table, wide_terminal())
    return 0


def _simulate(chosen: tuple[Scenario, ...], replicates: int, seed: int, jobs: int) -> list[Rates]:
    """Rates of every scenario, each on a random stream of its own."""
    import numpy as np

    from reports.comparing.simulation import SCENARIOS, rates

    streams = np.random.SeedSequence(seed).spawn(len(SCENARIOS))
    generators = [np.random.default_rng(streams[SCENARIOS.index(s)]) for s in chosen]
    found = []
    with _processes(jobs) as pool:
        results = [
            pool.apply_async(rates, (scenario, replicates, rng))
            for scenario, rng in zip(chosen, generators, strict=True)
        ]
        for number, (scenario, result) in enumerate(zip(chosen, results, strict=True), start=1):
            found.append(result.get())
            print(f"[{number}/{len(chosen)}] {scenario.name}", file=sys.stderr)
    return found


def _processes(count: int) -> Pool:
    """Processes that end as soon as they are left; Ctrl-C is for this one, who then leaves them."""
    import multiprocessing
    import signal

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return multiprocessing.get_context("spawn").Pool(count)
    finally:
        signal.signal(signal.SIGINT, before)


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
