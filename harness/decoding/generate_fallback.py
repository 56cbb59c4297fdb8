"""Decoding through transformers' own `generate`, for models that cannot use a slot cache."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import (
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedModel,
    StoppingCriteria,
    StoppingCriteriaList,
)

from harness.decoding.pick import Pick
from harness.decoding.stages import DecodingPlan, Finished, Ints, Response, Stage, Stages


def decode_with_generate(
    model: PreTrainedModel,
    prompts: Sequence[Sequence[int]],
    plan: DecodingPlan,
    batch_size: int,
    pick: Pick,
    report: Finished | None = None,
) -> list[Response]:
    """As `harness.decoding.decode.decode`, one `generate` call a batch; each waits for its longest
    row.
    """
    stages = Stages(plan, len(prompts))
    by_length = sorted(range(len(prompts)), key=lambda i: -len(prompts[i]))
    # Typed as if a model could not generate: it gets that by a mixin.
    generate: Any = model.generate
    with _without_own_settings(model):
        for start in range(0, len(prompts), batch_size):
            batch = by_length[start : start + batch_size]
            ids, mask = _left_padded([prompts[i] for i in batch])
            guide = _Guide(stages, np.array(batch), pick)
            generate(
                input_ids=ids.to(model.device),
                attention_mask=mask.to(model.device),
                max_new_tokens=plan.max_new_tokens,
                pad_token_id=0,
                logits_processor=LogitsProcessorList([guide]),
                stopping_criteria=StoppingCriteriaList([_Finished(guide)]),
            )
            if report:
                report(start + len(batch))
    return [stages.response(i) for i in range(len(prompts))]


@contextmanager
def _without_own_settings(model: PreTrainedModel) -> Iterator[None]:
    """Set aside what a model brings along (EOS, a repetition penalty): the plan alone decides.

    `generate` fills in every setting that a call leaves open from the model's own.
    """
    own = model.generation_config
    model.generation_config = GenerationConfig()
    try:
        yield
    finally:
        model.generation_config = own


class _Guide(LogitsProcessor):
    """Leaves `generate` no choice but the token that the stages of its rows call for."""

    def __init__(self, stages: Stages, requests: Ints, pick: Pick) -> None:
        self.stages, self.requests, self.pick = stages, requests, pick

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        feed = np.zeros(len(self.requests), dtype=np.int64)
        unfinished = self.stages.stage[self.requests] != Stage.FINISHED
        active = self.requests[unfinished]
        picked = self.pick(
            scores[torch.from_numpy(unfinished).to(scores.device)],
            active,
            self.stages.stage[active],
            self.stages.step[active],
        )
        feed[unfinished], _ = self.stages.advance(active, picked.cpu().numpy())
        chosen = torch.from_numpy(feed).to(scores.device)
        return torch.full_like(scores, -math.inf).scatter_(1, chosen[:, None], 0.0)


class _Finished(StoppingCriteria):
    def __init__(self, guide: _Guide) -> None:
        self.guide = guide

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: object) -> Tensor:
        finished = self.guide.stages.stage[self.guide.requests] == Stage.FINISHED
        return torch.from_numpy(finished).to(input_ids.device)


def _left_padded(prompts: list[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask, both (B, T), T the longest prompt."""
    width = max(map(len, prompts))
    ids = torch.zeros(len(prompts), width, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, width - len(prompt) :] = torch.tensor(prompt)
        mask[row, width - len(prompt) :] = 1
    return ids, mask
