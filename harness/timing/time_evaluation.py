"""Benchmark: a whole evaluation against lm-eval's own."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from harness.timing.interleaved import Timing, interleaved
from trainers.protocol import Protocol

BATCH = 32
EVALUATION_ITEMS = 24


def time_evaluation(student: str, *, rounds: int) -> Timing:
    """Seconds of a whole evaluation of the embedded suite, by this harness and by lm-eval's `hf`.

    Both ask the student as it is, in one stage with the same prompts; greedy float32 decoding
    makes both write the same texts; ours asks for the answers of those that were cut off, too.
    """
    from lm_eval import evaluator
    from lm_eval.models.huggingface import HFLM

    from harness.decoding.decoding_settings import DecodingSettings
    from harness.engines.local_engine import LocalEngine
    from harness.evaluation.asked_student import AskedStudent
    from harness.evaluation.evaluate import evaluate
    from harness.evaluation.evaluation_suites import EvaluationSuite, load_suites
    from harness.evaluation.open_student import open_student
    from harness.quiet import quiet_libraries

    suites = [EvaluationSuite("embedded", "ind")]
    metadata = {"per_family": EVALUATION_ITEMS}
    settings = DecodingSettings(max_rationale_tokens=224, max_answer_tokens=32, batch_size=BATCH)
    protocol = Protocol(method="as_it_is", suffix="", cascade=False)
    opened = open_student(student, protocol=protocol)
    ours, engine = AskedStudent(opened), opened.engine
    assert isinstance(engine, LocalEngine)
    with quiet_libraries():
        stock: Any = HFLM(engine.model, tokenizer=opened.facts.tokenizer, batch_size=BATCH)
    stock.generate_until = partial(stock.generate_until, disable_tqdm=True)

    def evaluate_ours() -> None:
        with tempfile.TemporaryDirectory() as folder:
            evaluate(
                ours,
                suites,
                settings=settings,
                out_dir=Path(folder),
                run_info={},
                task_metadata=metadata,
            )

    def evaluate_stock() -> None:
        with quiet_libraries():
            loaded = load_suites(suites, metadata)
            evaluator.evaluate(
                lm=stock,
                task_dict={"tasks": loaded.tasks, "groups": loaded.groups},
                bootstrap_iters=0,
            )

    return interleaved(
        {"evaluation, cascod": evaluate_ours, "evaluation, lm-eval hf": evaluate_stock},
        rounds=rounds,
        warmup=0,
    )
