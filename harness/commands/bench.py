"""`cascod bench`: what trainer and decoder gain, as ratios; how fast rationales are measured."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.arguments import positive

NAME = "bench"
HELP = "time training steps, decoding and evaluation against stock TRL, transformers and lm-eval"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--student", default="tiny", help="a student's source (default: tiny)")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="train on BIG-Bench Hard's teacher completions there (default: generated records)",
    )
    parser.add_argument("--rounds", type=positive, default=5, help="counted rounds (default: 5)")
    parser.add_argument(
        "--micro-batch",
        type=int,
        choices=(4, 8, 16, 32),
        default=16,
        help="records at a time in training (default: 16); fewer take less memory",
    )
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
    from rich.table import Table

    from reports.rendering.terminal import Terminal, plain

    if args.threads:
        torch.set_num_threads(args.threads)
    if args.server:
        from harness.timing.against_a_server import against_a_server

        benchmark = against_a_server(args.student, args.server, rounds=args.rounds)
    else:
        from harness.timing.against_stock import against_stock

        benchmark = against_stock(
            args.student, args.data, rounds=args.rounds, micro_batch=args.micro_batch
        )
    table = Table("time of", "over that of", box=None, header_style="bold", pad_edge=False)
    for column in ("seconds", "seconds", "ratio"):
        table.add_column(column, justify="right")
    table.add_column("goal")
    for timing, name, to, goal in benchmark.ratios:
        seconds = [f"{timing.median(x):.3f}" for x in (name, to)]
        table.add_row(name, to, *seconds, f"{timing.ratio(name, to):.2f}", goal)
    console = Terminal()
    console.print(
        f"{plain(args.student)}, {torch.get_num_threads()} threads, medians of {args.rounds} "
        "interleaved rounds"
    )
    console.print(table)
    for rate in benchmark.rates:
        console.print(rate)
    return 0
