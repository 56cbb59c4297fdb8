"""Continuous batching: a finished request gives its slot to the next one at once.

A cascade is one generation: where a request ends its rationale, the cue's tokens are fed next and
the answer follows on the same cache, so nothing is encoded twice and the rows of a batch may be in
different stages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from transformers import DynamicCache, PreTrainedModel

from harness.decoding.attention_masks import layer_masks
from harness.decoding.generate_fallback import decode_with_generate
from harness.decoding.pick import Pick, greedy
from harness.decoding.slot_cache import SlotCache, supports_slots
from harness.decoding.stages import DecodingPlan, Finished, Ints, Response, Stages

MAX_PREFILL_TOKENS = 16_384


def decode(
    model: PreTrainedModel,
    prompts: Sequence[Sequence[int]],
    plan: DecodingPlan,
    *,
    slots: int = 32,
    pick: Pick = greedy,
    report: Finished | None = None,
) -> list[Response]:
    """Decode prompts (token ids, none empty), at most `slots` at a time; responses in their order.

    In float32 a greedy cascade equals two separate generations (the second one prompted with
    prompt + rationale + cue) token for token. Models that cannot use a slot cache go through
    `generate` instead, to the same effect but more slowly. `report` is told the number of finished
    requests as it grows.
    """
    if any(not prompt for prompt in prompts):
        raise ValueError("a prompt must hold at least one token")
    run = _decode_on_slots if supports_slots(model) else decode_with_generate
    with torch.inference_mode():
        return run(model, prompts, plan, slots, pick, report)


def _decode_on_slots(
    model: PreTrainedModel,
    prompts: Sequence[Sequence[int]],
    plan: DecodingPlan,
    slots: int,
    pick: Pick,
    report: Finished | None,
) -> list[Response]:
    """The loop: n prompts, B of them at a time in slots 0 to B - 1, one token each a turn."""
    slots = min(slots, len(prompts))
    # A forward pass for a single new row is poor use of the device, so a few are let in together.
    refill = max(1, slots // 8)
    # Longest last: they are taken from the end, and neighbours have similar lengths.
    waiting = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    stages = Stages(plan, len(prompts))
    cache = SlotCache(model.config, slots)
    # Of each slot: which of the n requests it holds, its tokens in the cache, what to feed next.
    request, length, feed = (np.zeros(slots, dtype=np.int64) for _ in range(3))
    busy = 0  # B
    while waiting or busy:
        # 1. Let waiting requests into free slots, all but a prompt's last token into the cache.
        while waiting and slots - busy >= min(refill, len(waiting)):
            batch = _next_batch(waiting, prompts, slots - busy)
            _prefill(model, cache, busy, [prompts[i] for i in batch])
            entered = slice(busy, busy + len(batch))
            request[entered] = batch
            length[entered] = [len(prompts[i]) - 1 for i in batch]
            feed[entered] = [prompts[i][-1] for i in batch]
            busy += len(batch)

        # 2. Feed each slot its token, (B,), and so append it to the cache: scores (B, V).
        active = request[:busy]
        scores = _step(model, cache, feed[:busy], length[:busy])
        length[:busy] += 1

        # 3. Pick tokens, (B,); stages may call for others: what to feed, (B,), who finished, (B,).
        picked = pick(scores, active, stages.stage[active], stages.step[active])
        feed[:busy], finished = stages.advance(active, picked.cpu().numpy())

        # 4. The last slot moves into the gap of each finished one: 0 to B - 1 stay in use.
        for slot in np.flatnonzero(finished)[::-1].tolist():
            busy -= 1
            if slot != busy:
                cache.move(busy, slot, int(length[busy]))
                for state in (request, length, feed):
                    state[slot] = state[busy]
        if report and finished.any():
            report(len(prompts) - len(waiting) - busy)
    return [stages.response(i) for i in range(len(prompts))]


def _next_batch(waiting: list[int], prompts: Sequence[Sequence[int]], free: int) -> list[int]:
    """Take the longest waiting requests, as many as fit into one prefill, but at least one."""
    padded_length = len(prompts[waiting[-1]])
    count = min(free, len(waiting), max(1, MAX_PREFILL_TOKENS // padded_length))
    return [waiting.pop() for _ in range(count)]


def _prefill(
    model: PreTrainedModel, cache: SlotCache, first: int, prompts: list[Sequence[int]]
) -> None:
    """Encode all but the last token of each prompt into the slots from `first` on.

    The last token is fed as a first step, which makes every step alike. Rows are padded on the
    right; attention is causal, so no real token sees the padding.
    """
    width = max(map(len, prompts)) - 1
    if width == 0:
        return
    ids = torch.zeros(len(prompts), width, dtype=torch.long)  # (B, T)
    for row, prompt in zip(ids, prompts, strict=True):
        row[: len(prompt) - 1] = torch.tensor(prompt[:-1])
    # Without a configuration no layer drops what is outside its window: rows differ in length.
    prefilled = DynamicCache()
    model(
        input_ids=ids.to(model.device),
        past_key_values=prefilled,
        use_cache=True,
        logits_to_keep=1,
    )
    cache.fill(first, prefilled)


def _step(model: PreTrainedModel, cache: SlotCache, feed: Ints, length: Ints) -> Tensor:
    """Feed a token a row, (B,), behind `length` in the cache, (B,); scores of the next, (B, V)."""
    # 1. The new token goes to the first free column of its row, (B,); T columns hold the longest.
    width = int(length.max()) + 1
    columns = torch.from_numpy(length.copy()).to(model.device)
    cache.aim(columns, width)
    # 2. A row sees its own columns up to the new token's: how far back each is, (B, 1, T).
    distance = columns[:, None, None] - torch.arange(width, device=model.device)
    masks = layer_masks(cache.windows, distance >= 0, distance, model.dtype)
    # 3. One token a row, (B, 1), masked for all heads alike, (B, 1, 1, T); logits (B, 1, V).
    output = model(
        input_ids=torch.from_numpy(feed[:, None].copy()).to(model.device),
        position_ids=columns[:, None],
        attention_mask=masks,
        past_key_values=cache,
        use_cache=True,
    )
    scores: Tensor = output.logits[:, -1]
    return scores
