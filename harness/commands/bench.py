"""`cascod bench`: what trainer and decoder gain, as ratios; how fast rationales are measured."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from harness.arguments import positive

if TYPE_CHECKING:
    from harness.timing.interleaved import Timing

    # What is timed over what, and what is aimed at.
    Comparison = tuple[Timing, str, str, str]

NAME = "bench"
HELP = "time training steps, decoding and evaluation against stock TRL, transformers and lm-eval"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--student", default="tiny", help="a student's source (default: tiny)")
    parser.add_argument("--rounds", type=positive, default=5, help="counted rounds (default: 5)")
    parser.add_argument("--threads", type=positive, help="processor threads (default: torch's own)")
    parser.add_argument(
        "--rationales",
        type=positive,
        metavar="N",
        help="instead, time the measures of the reasoning space on N sampled rationales",
    )
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="instead, time the local engine against a server and that against a bare client, "
        "e.g. 'command=vllm serve {checkpoint} --port {port} --dtype float32'",
    )


def run(args: argparse.Namespace) -> int:
    """Print medians and ratios."""
    if args.rationales:
        from harness.timing.time_measures import time_measures

        found = time_measures(args.rationales)
        print(
            f"{found.rationales:,} rationales of {found.words:.0f} words, all offline measures, "
            f"one process: {found.seconds:.1f} s, peak memory {found.peak:.2f} GB"
        )
        return 0

    import torch
    from rich.console import Console
    from rich.table import Table

    from reports.rendering.terminal import plain

    if args.threads:
        torch.set_num_threads(args.threads)
    comparisons = _against_a_server(args) if args.server else _against_stock(args)
    table = Table("time of", "over that of", box=None, header_style="bold", pad_edge=False)
    for column in ("seconds", "seconds", "ratio"):
        table.add_column(column, justify="right")
    table.add_column("goal")
    for timing, name, to, goal in comparisons:
        seconds = [f"{timing.median(x):.3f}" for x in (name, to)]
        table.add_row(name, to, *seconds, f"{timing.ratio(name, to):.2f}", goal)
    console = Console()
    console.print(
        f"{plain(args.student)}, {torch.get_num_threads()} threads, medians of {args.rounds} "
        "interleaved rounds"
    )
    console.print(table)
    return 0


def _against_stock(args: argparse.Namespace) -> list[Comparison]:
    from harness.quiet import quiet_libraries
    from harness.timing.time_decoding import time_decoding
    from harness.timing.time_evaluation import time_evaluation
    from harness.timing.time_training import time_training
    from tasks.procedural.suite import training_records
    from trainers.students.sources import resolve_student

    with quiet_libraries():
        student = resolve_student(args.student)
        records = training_records(seed=0, per_family=8)
        training = time_training(student, records, rounds=args.rounds)
        decoding = time_decoding(student, rounds=args.rounds)
        evaluation = time_evaluation(student, rounds=args.rounds)
    stock, single = "std_cot, stock SFTTrainer", "single stage, generate"
    return [
        (training, "cascod", stock, "at most 1.0"),
        (training, "cascod in two sequences", "cascod", "at least 2"),
        (decoding, "cascade, one generation", single, "at most 1.05"),
        (decoding, "cascade, one generation", "cascade, two generate calls", ""),
        (decoding, "cascade, one generation", "single stage, ours", ""),
        (evaluation, "evaluation, cascod", "evaluation, lm-eval hf", "at most 1.0"),
    ]


def _against_a_server(args: argparse.Namespace) -> list[Comparison]:
    from harness.engines.server_settings import server_of
    from harness.timing.time_engines import BARE, LOCAL, REQUESTS, SERVED, time_engines

    server = server_of(args.server)
    assert server is not None
    timing = time_engines(args.student, server, rounds=args.rounds)
    for name in (LOCAL, SERVED, BARE):
        print(f"{name}: {REQUESTS / timing.median(name):.2f} responses/s")
    return [
        (timing, LOCAL, SERVED, "at most 1.25"),
        (timing, SERVED, BARE, "at most 1.1"),
    ]
