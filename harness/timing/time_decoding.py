"""Benchmark: a cascade in one generation against two calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from harness.decoding.decode import decode
from harness.decoding.generate_fallback import decode_with_generate
from harness.decoding.stages import DecodingPlan, Ints, Stage
from harness.timing.interleaved import Timing, interleaved
from trainers.checkpoint import load_student

REQUESTS = 64
BATCH = 32
CUE_TOKENS = 6
ANSWER_TOKENS = 4
MEAN_RATIONALE = 60
LONGEST_RATIONALE = 240


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
