"""Benchmark: a cascade in one generation against two calls, and a whole evaluation against
lm-eval's own.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from harness.decoding.decode import decode
from harness.decoding.generate_fallback import decode_with_generate
from harness.decoding.stages import DecodingPlan, Ints, Stage
from harness.timing.interleaved import Timing, interleaved
from trainers.checkpoint import load_student
from trainers.protocol import Protocol

REQUESTS = 64
BATCH = 32
CUE_TOKENS = 6
ANSWER_TOKENS = 4
MEAN_RATIONALE = 60
LONGEST_RATIONALE = 240
EVALUATION_ITEMS = 24


def time_decoding(student: str, *, rounds: int) -> Timing:
    """Seconds to decode the same requests to the same lengths, in four ways.

    Prompts have 50 to 200 tokens, rationale lengths are geometric (mean 60, at most 240). A picker
    ends every text at its drawn length, so that all ways write equally much whatever the weights.
    """
    model, _ = load_student(student)
    rng = np.random.default_rng(0)
    vocabulary = model.config.vocab_size
    prompts = [rng.integers(3, vocabulary, n).tolist() for n in rng.integers(50, 200, REQUESTS)]
    lengths = np.minimum(rng.geometric(1 / MEAN_RATIONALE, REQUESTS), LONGEST_RATIONALE)
    cue = tuple(rng.integers(3, vocabulary, CUE_TOKENS).tolist())

    eos = int(model.config.eos_token_id)
    first = DecodingPlan((eos,), None, LONGEST_RATIONALE, 0)
    second = DecodingPlan((eos,), None, ANSWER_TOKENS, 0)
    cascade = DecodingPlan((eos,), cue, LONGEST_RATIONALE, ANSWER_TOKENS)
    single = DecodingPlan((eos,), None, LONGEST_RATIONALE + CUE_TOKENS, ANSWER_TOKENS)
    rationales = _ends_at({Stage.RATIONALE: lengths, Stage.ANSWER: ANSWER_TOKENS}, eos)
    first_call = _ends_at({Stage.ANSWER: lengths}, eos)
    second_call = _ends_at({Stage.ANSWER: ANSWER_TOKENS}, eos)
    whole = _ends_at({Stage.ANSWER: lengths + CUE_TOKENS + ANSWER_TOKENS}, eos)

    def two_calls() -> None:
        written = decode_with_generate(model, prompts, first, BATCH, first_call)
        follow_up = [
            [*prompt, *response.answer_ids, *cue]
            for prompt, response in zip(prompts, written, strict=True)
        ]
        decode_with_generate(model, follow_up, second, BATCH, second_call)

    with torch.inference_mode():
        return interleaved(
            {
                "cascade, one generation": lambda: decode(
                    model, prompts, cascade, slots=BATCH, pick=rationales
                ),
                "cascade, two generate calls": two_calls,
                "single stage, generate": lambda: decode_with_generate(
                    model, prompts, single, BATCH, whole
                ),
                "single stage, ours": lambda: decode(
                    model, prompts, single, slots=BATCH, pick=whole
                ),
            },
            rounds=rounds,
        )


def time_evaluation(student: str, *, rounds: int) -> Timing:
    """Seconds of a whole evaluation of the embedded suite, by this harness and by lm-eval's `hf`.

    Both ask the student as it is, in one stage with the same prompts; greedy float32 decoding
    makes both write the same texts; ours asks for the answers of those that were cut off, too.
    """
    from lm_eval import evaluator
    from lm_eval.models.huggingface import HFLM

    from harness.decoding.decoding_settings import DecodingSettings
    from harness.evaluation.evaluate import evaluate
    from harness.evaluation.evaluation_suites import EvaluationSuite, load_suites
    from harness.evaluation.loaded_student import open_student
    from harness.evaluation.local_student import LocalStudent
    from harness.quiet import quiet_libraries

    suites = [EvaluationSuite("embedded", "ind")]
    metadata = {"per_family": EVALUATION_ITEMS}
    settings = DecodingSettings(max_rationale_tokens=224, max_answer_tokens=32, batch_size=BATCH)
    protocol = Protocol(method="as_it_is", suffix="", cascade=False)
    loaded_student = open_student(student, protocol=protocol)
    ours = LocalStudent(loaded_student)
    with quiet_libraries():
        stock: Any = HFLM(
            loaded_student.model, tokenizer=loaded_student.tokenizer, batch_size=BATCH
        )
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


def _ends_at(lengths: dict[Stage, Ints | int], eos: int) -> Any:
    """A picker that writes EOS after so many tokens of a stage, and a fixed token before."""

    def pick(scores: Tensor, requests: Ints, stages: Ints, steps: Ints) -> Tensor:
        end = np.full(len(requests), np.iinfo(np.int64).max)
        for stage, length in lengths.items():
            here = stages == stage
            end[here] = length if isinstance(length, int) else length[requests[here]]
        # The argmax is taken all the same: it is part of what decoding costs.
        tokens = scores.argmax(dim=-1).clamp(min=3)
        tokens[torch.from_numpy(steps >= end).to(tokens.device)] = eos
        return tokens

    return pick
