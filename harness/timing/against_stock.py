"""Benchmark: trainer, decoder and evaluation against stock TRL, transformers and lm-eval."""

from __future__ import annotations

from pathlib import Path

from harness.quiet import quiet_libraries
from harness.running.data_sources import BBHTeacherData
from harness.running.read_sources import read_source
from harness.timing.benchmark import Benchmark
from harness.timing.time_decoding import time_decoding
from harness.timing.time_evaluation import time_evaluation
from harness.timing.time_training import STEP, STOCK, WARMUP, WITHIN_BUDGET, time_training
from tasks.procedural.suite import training_records
from tasks.records.record import CoTRecord
from tasks.records.splits import hash_order
from trainers.students.sources import resolve_student


def against_stock(student: str, data: Path | None, *, rounds: int, micro_batch: int) -> Benchmark:
    """A student's source, trained on generated records or on the teacher's of BBH in `data`."""
    with quiet_libraries():
        location = resolve_student(student)
        records = bench_records(data, rounds)
        trained = time_training(location, records, rounds=rounds, micro_batch=micro_batch)
        decoding = time_decoding(location, rounds=rounds)
        evaluation = time_evaluation(location, rounds=rounds)
    training, single = trained.timing, "single stage, generate"
    return Benchmark(
        ratios=[
            (training, STOCK, "std_cot", "at least 1.5"),
            (training, STOCK, "std_cot" + WITHIN_BUDGET, "at least 1.5"),
            (training, "cascod", STOCK, ""),
            (training, "cascod" + WITHIN_BUDGET, STOCK, "at most 0.6"),
            (training, "cascod in two sequences", "cascod", "at least 2"),
            (decoding, "cascade, one generation", single, "at most 1.05"),
            (decoding, "cascade, one generation", "cascade, two generate calls", ""),
            (decoding, "cascade, one generation", "single stage, ours", ""),
            (evaluation, "evaluation, cascod", "evaluation, lm-eval hf", "at most 1.0"),
        ],
        rates=[
            "training tokens a second, without padding: "
            f"{name} {trained.tokens_per_second(name):.0f}"
            for name in ("std_cot" + WITHIN_BUDGET, "std_cot", STOCK)
        ],
    )


def bench_records(data: Path | None, rounds: int) -> list[CoTRecord]:
    """Records to train on: of real ones a step for every round, and some that may not fit."""
    if data is None:
        return training_records(seed=0, per_family=8)
    read = read_source(BBHTeacherData(source="bbh_teacher"), data)
    right = {record.id: record for record in read.train if record.teacher_correct}
    return [right[name] for name in hash_order(right)[: STEP * (WARMUP + rounds + 1)]]
