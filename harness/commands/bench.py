"""`cascod bench`: what trainer and decoder gain, as ratios; how fast rationales are measured."""

from __future__ import annotations

import argparse
from pathlib import Path

from harness.arguments import positive
from tasks.records.record import CoTRecord

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
    parser.add_argument("--threads", type=positive, help="processor threads (default: torch's own)")
    parser.add_argument(
        "--rationales",
        type=positive,
        metavar="N",
        help="instead, time the measures of the reasoning space on N sampled rationales",
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

    from harness.quiet import quiet_libraries
    from harness.timing.time_decoding import time_decoding, time_evaluation
    from harness.timing.time_training import STOCK, time_training
    from reports.rendering.terminal import plain
    from trainers.students.sources import resolve_student

    if args.threads:
        torch.set_num_threads(args.threads)
    console = Console()
    with quiet_libraries():
        student = resolve_student(args.student)
        trained = time_training(student, bench_records(args.data, args.rounds), rounds=args.rounds)
        decoding = time_decoding(student, rounds=args.rounds)
        evaluation = time_evaluation(student, rounds=args.rounds)
    training, single = trained.timing, "single stage, generate"
    comparisons = [
        (training, STOCK, "std_cot", "at least 1.5"),
        (training, "cascod", STOCK, "at most 0.6"),
        (training, "cascod in two sequences", "cascod", "at least 2"),
        (decoding, "cascade, one generation", single, "at most 1.05"),
        (decoding, "cascade, one generation", "cascade, two generate calls", ""),
        (decoding, "cascade, one generation", "single stage, ours", ""),
        (evaluation, "evaluation, cascod", "evaluation, lm-eval hf", "at most 1.0"),
    ]
    table = Table("time of", "over that of", box=None, header_style="bold", pad_edge=False)
    for column in ("seconds", "seconds", "ratio"):
        table.add_column(column, justify="right")
    table.add_column("goal")
    for timing, name, to, goal in comparisons:
        seconds = [f"{timing.median(x):.3f}" for x in (name, to)]
        table.add_row(name, to, *seconds, f"{timing.ratio(name, to):.2f}", goal)
    console.print(
        f"{plain(args.student)}, {torch.get_num_threads()} threads, medians of {args.rounds} "
        "interleaved rounds"
    )
    console.print(table)
    for name in ("std_cot", STOCK):
        rate = trained.tokens_per_second(name)
        console.print(f"training tokens a second, without padding: {name} {rate:.0f}")
    return 0


def bench_records(data: Path | None, rounds: int) -> list[CoTRecord]:
    """Records to train on: of real ones a step for every round, and some that may not fit."""
    from tasks.procedural.suite import training_records

    if data is None:
        return training_records(seed=0, per_family=8)
    from harness.running.training_data import bbh_teacher
    from harness.timing.time_training import STEP, WARMUP
    from tasks.records.splits import hash_order

    right = {record.id: record for record in bbh_teacher(data)[0] if record.teacher_correct}
    return [right[name] for name in hash_order(right)[: STEP * (WARMUP + rounds + 1)]]
