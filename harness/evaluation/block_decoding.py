"""Decode a block of requests, or find it in the store: the unit in which a run resumes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.decoding.stages import Finished
from harness.engines.engine import Drawing
from harness.evaluation.decoding_plan import decoding_plan
from harness.evaluation.open_student import OpenStudent
from harness.evaluation.response_store import Block, ResponseStore, block_key

# In the store's names of blocks but not in what seeds their draws: blocks stored without forced
# answers are decoded again, and to the same texts.
WITH_FORCED = "+forced"


def finished_draws(
    student: OpenStudent,
    prompts: Sequence[list[int]],
    until: tuple[str, ...],
    settings: DecodingSettings,
    *,
    draws: Sequence[int],
    store: ResponseStore | None = None,
    report: Finished | None = None,
) -> list[Block]:
    """Draws of the responses to one block of prompts (B lists of token ids), a `Block` a draw.

    Draws that the store lacks are decoded with all others in one batch, since what else is in a
    batch may change the last digit of a score; then they are stored. `until` stops a student that
    was not trained; a trained one stops at EOS alone. `report` is told of the B D responses.
    """
    stops = () if student.facts.trained else until
    keys = [_key(student, prompts, stops, settings, draw) for draw in draws]
    names = [f"{key}{WITH_FORCED}" for key in keys]
    # 1. What an earlier run finished is not decoded again.
    found = [store.get(name) for name in names] if store else []
    stored = [block for block in found if block]
    if len(stored) == len(keys):
        return stored
    # 2. Decode B D requests: all B of the first draw, all of the second, ...
    start = time.perf_counter()
    responses = student.engine.decode(
        list(prompts) * len(keys),
        decoding_plan(student.facts, settings, stops),
        _drawing(settings, keys, len(prompts)),
        at_once=settings.batch_size,
        report=report,
    )
    seconds = (time.perf_counter() - start) / len(keys)
    # 3. Cut the B D responses into D blocks of B.
    decoded = [
        Block(tuple(responses[first : first + len(prompts)]), seconds)
        for first in range(0, len(responses), len(prompts))
    ]
    # 4. Store the draws that were not there; those that were are the same.
    if store:
        for name, block in zip(names, decoded, strict=True):
            if store.get(name) is None:
                store.put(name, block)
    return decoded


def generation_facts(student: OpenStudent, settings: DecodingSettings) -> dict[str, Any]:
    """All that a response depends on but student, prompt and stop strings, as plain JSON."""
    greedy = {"greedy": settings.temperature == 0}
    return settings.model_dump() | greedy | student.engine.facts(settings.precision)


def _key(
    student: OpenStudent,
    prompts: Sequence[list[int]],
    stops: tuple[str, ...],
    settings: DecodingSettings,
    draw: int,
) -> str:
    return block_key(
        checkpoint=student.facts.fingerprint,
        protocol=student.facts.protocol.sent(),
        settings=generation_facts(student, settings) | {"stop": stops, "draw": draw},
        prompts=prompts,
    )


def _drawing(settings: DecodingSettings, keys: Sequence[str], size: int) -> Drawing | None:
    """How tokens are drawn in blocks of one size: a key, which covers all that a block is, is its
    seed.
    """
    if settings.temperature == 0:
        return None
    return Drawing(
        temperature=settings.temperature,
        top_p=settings.top_p,
        seeds=tuple(int(key[:16], 16) for key in keys),
        requests_each=size,
    )
