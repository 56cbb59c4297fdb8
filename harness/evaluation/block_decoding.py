"""Decode a block of requests, or find it in the store: the unit in which a run resumes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from harness.decoding.decode import decode
from harness.decoding.decoding_settings import DecodingSettings
from harness.decoding.pick import Pick, greedy
from harness.decoding.sampling import sampler
from harness.decoding.stages import DecodingPlan, Finished
from harness.decoding.stop_strings import ToText, ends_at
from harness.evaluation.loaded_student import LoadedStudent
from harness.evaluation.response_store import Block, ResponseStore, block_key
from tasks.scoring.thoughts import TAGS
from trainers.tokens import special_ids


def finished_draws(
    student: LoadedStudent,
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
    stops = () if student.trained else until
    keys = [_key(student, prompts, stops, settings, draw) for draw in draws]
    # 1. What an earlier run finished is not decoded again.
    found = [store.get(key) for key in keys] if store else []
    stored = [block for block in found if block]
    if len(stored) == len(keys):
        return stored
    # 2. Decode B D requests: all B of the first draw, all of the second, ...
    start = time.perf_counter()
    responses = decode(
        student.model,
        list(prompts) * len(keys),
        decoding_plan(student, settings, stops),
        slots=settings.batch_size,
        pick=_pick(settings, keys, len(prompts)),
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
        for key, block in zip(keys, decoded, strict=True):
            if store.get(key) is None:
                store.put(key, block)
    return decoded


def generation_facts(student: LoadedStudent, settings: DecodingSettings) -> dict[str, Any]:
    """All that a response depends on but student, prompt and stop strings, as plain JSON."""
    return settings.model_dump() | {
        "precision": student.precision,
        "greedy": settings.temperature == 0,
        "device": student.device,
    }


def decoding_plan(
    student: LoadedStudent, settings: DecodingSettings, stops: Sequence[str] = ()
) -> DecodingPlan:
    """How a student's requests are decoded, ended by the stop strings too."""
    return DecodingPlan(
        eos_ids=student.eos_ids,
        cue_ids=student.cue_ids,
        closing=student.closing,
        max_rationale_tokens=settings.max_rationale_tokens,
        max_answer_tokens=settings.max_answer_tokens,
        ends_text=ends_at(stops, to_text(student.tokenizer)) if stops else None,
    )


def to_text(tokenizer: Any) -> ToText:
    """Token ids to text, special tokens but think tags left out and blanks as they are."""
    tags = {tag for pair in TAGS for tag in pair}
    unsaid = {
        token
        for token in special_ids(tokenizer)
        if str(tokenizer.convert_ids_to_tokens(token)).lower() not in tags
    }

    def decoded(ids: Sequence[int]) -> str:
        said = [token for token in ids if token not in unsaid]
        return str(
            tokenizer.decode(said, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        )

    return decoded


def _key(
    student: LoadedStudent,
    prompts: Sequence[list[int]],
    stops: tuple[str, ...],
    settings: DecodingSettings,
    draw: int,
) -> str:
    return block_key(
        checkpoint=student.fingerprint,
        protocol=student.protocol.sent(),
        settings=generation_facts(student, settings) | {"stop": stops, "draw": draw},
        prompts=prompts,
    )


def _pick(settings: DecodingSettings, keys: Sequence[str], size: int) -> Pick:
    """How tokens are chosen in blocks of one size: a key, which covers all that a block is, is its
    seed.
    """
    if settings.temperature == 0:
        return greedy
    return sampler(
        temperature=settings.temperature,
        top_p=settings.top_p,
        seeds=[int(key[:16], 16) for key in keys],
        requests_each=size,
    )
