"""The lm-eval model of this harness: a student asked by its own protocol."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from lm_eval.api.instance import Instance
from lm_eval.api.registry import register_model
from lm_eval.models.huggingface import HFLM

from harness.decoding.decode import decode
from harness.decoding.decoding_settings import DecodingSettings
from harness.decoding.pick import Pick, greedy
from harness.decoding.sampling import sampler
from harness.decoding.stages import DecodingPlan, Finished, Response
from harness.decoding.stop_strings import ends_at
from harness.evaluation.fingerprint import student_fingerprint
from harness.evaluation.inference_costs import InferenceCosts, inference_costs
from harness.evaluation.reply import Progress, Reply, cascade_reply, single_stage_reply
from harness.evaluation.response_store import Block, ResponseStore, block_key
from harness.quiet import quiet_libraries
from tasks.errors import UserError
from trainers.checkpoint import load_student, prefer_plain_attention
from trainers.encoding import encode_continuation, encode_prompt
from trainers.model_shape import ModelShape
from trainers.protocol import Protocol
from trainers.students.sources import resolve_student


@dataclass(frozen=True, slots=True)
class _Request:
    """A request ready to be decoded; `item` names it in messages."""

    key: tuple[str, int]
    item: str
    prompt: str
    ids: list[int]
    until: tuple[str, ...]


@register_model("cascod")
class CascodLM(HFLM):
    """A student behind lm-eval's interface, decoded as the protocol beside its weights says.

    Without `protocol` the one beside the weights is read; one given by hand is how an untrained
    student is asked. A trained student stops at EOS alone and stop strings cut its text afterwards;
    a student asked by hand stops at them. After `generate_until`, `replies` holds what lm-eval has
    no place for, by (lm-eval task, doc id), and `costs` what it took. Where `draws` is set, the first of so
    many draws decodes them all in one batch, and the others are found in the store.
    """

    def __init__(
        self,
        pretrained: str,
        *,
        protocol: Protocol | None = None,
        settings: DecodingSettings | None = None,
        store: ResponseStore | None = None,
        device: str | None = None,
    ) -> None:
        location = resolve_student(pretrained)
        self.stops_at_strings = protocol is not None
        self.protocol = protocol or Protocol.load(Path(location))
        self.settings = settings or DecodingSettings()
        self.store = store
        self.draws = 0
        self.progress: Progress | None = None
        self.replies: dict[tuple[str, int], Reply] = {}
        self.costs = InferenceCosts()
        with quiet_libraries():
            model, tokenizer = load_student(location, precision=self.settings.precision)
            model.to(device or ("cuda" if torch.cuda.is_available() else "cpu"))
            prefer_plain_attention(model, self.settings.precision)
            super().__init__(model, tokenizer=tokenizer, backend="causal")
        self.fingerprint = student_fingerprint(location, model.config)
        self.cue_ids = (
            tuple(encode_continuation(tokenizer, self.protocol.cue))
            if self.protocol.cascade
            else None
        )
        self.eos_ids = _eos_ids(model, tokenizer)

    @property
    def generation(self) -> dict[str, Any]:
        """All settings that a response depends on, as plain JSON."""
        settings = self.settings.model_dump()
        greedily = self.settings.temperature == 0
        return settings | {"greedy": greedily, "device": self.device.type}

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        """Completions of all requests, in their order.

        Raises UserError where a prompt and the token limits exceed the student's context.
        """
        encoded = [self._encode(request) for request in requests]
        self._refuse_too_long(encoded)
        # Longest first, cut into blocks from the full list: a resumed run sees the same blocks.
        order = sorted(range(len(encoded)), key=lambda i: (encoded[i].until, -len(encoded[i].ids)))
        seconds, done = 0.0, 0
        for block in _blocks([encoded[i] for i in order], self.settings.block):
            finished = self._finish(block, partial(self._tell, done, len(encoded)))
            for request, response in zip(block, finished.responses, strict=True):
                self.replies[request.key] = self._reply(request, response)
            seconds += finished.seconds
            done += len(block)
            self._tell(0, len(encoded), done)
        replies = [self.replies[request.key] for request in encoded]
        self.costs = inference_costs(
            replies,
            ModelShape.from_config(self.model.config),
            cue_tokens=len(self.cue_ids or ()),
            seconds=seconds,
        )
        return [reply.completion for reply in replies]

    def _encode(self, request: Instance) -> _Request:
        context, options = request.args
        prompt = context + self.protocol.suffix
        until = options.get("until") or []
        return _Request(
            key=(request.task_name, request.doc_id),
            item=str(request.doc.get("id", f"{request.task_name}/{request.doc_id}")),
            prompt=prompt,
            ids=encode_prompt(self.tokenizer, prompt),
            until=(until,) if isinstance(until, str) else tuple(until),
        )

    def _refuse_too_long(self, requests: Sequence[_Request]) -> None:
        new = self._plan(()).max_new_tokens
        over = [request for request in requests if len(request.ids) + new > self.max_length]
        if over:
            longest = max(over, key=lambda request: len(request.ids))
            raise UserError(
                f"{len(over)} of {len(requests)} prompts do not fit the student's context of "
                f"{self.max_length} tokens with {new} new ones ({_first_items(over)}; the longest "
                f"has {len(longest.ids)} tokens): lower max_rationale_tokens or leave them out"
            )

    def _tell(self, before: int, total: int, finished: int) -> None:
        if self.progress:
            self.progress(before + finished, total)

    def _finish(self, block: Sequence[_Request], report: Finished) -> Block:
        """The block from the store, else decoded and stored."""
        prompts = [request.ids for request in block]
        until = block[0].until if self.stops_at_strings else ()
        draws = range(self.draws) if self.store and self.draws else (self.settings.draw,)
        keys = {
            draw: block_key(
                checkpoint=self.fingerprint,
                protocol=asdict(self.protocol),
                settings=self.generation | {"stop": until, "draw": draw},
                prompts=prompts,
            )
            for draw in draws
        }
        key = keys[self.settings.draw]
        if self.store and (finished := self.store.get(key)):
            return finished
        start = time.perf_counter()
        responses = decode(
            self.model,
            prompts * len(keys),
            self._plan(until),
            slots=self.settings.batch_size,
            pick=self._pick(list(keys.values()), len(prompts)),
            report=None if len(keys) > 1 else report,
        )
        seconds = (time.perf_counter() - start) / len(keys)
        blocks = {
            each: Block(tuple(responses[len(prompts) * place :][: len(prompts)]), seconds)
            for place, each in enumerate(keys.values())
        }
        if self.store:
            # Those that an earlier run got to store are the same: all draws were decoded together then, too.
            for each, block_of_draw in blocks.items():
                if self.store.get(each) is None:
                    self.store.put(each, block_of_draw)
        return blocks[key]

    def _pick(self, blocks: Sequence[str], size: int) -> Pick:
        """How tokens are chosen in blocks of one size: a block's key, which covers all that it is, is its seed."""
        if self.settings.temperature == 0:
            return greedy
        return sampler(
            temperature=self.settings.temperature,
            top_p=self.settings.top_p,
            seeds=[int(block[:16], 16) for block in blocks],
            requests_each=size,
        )

    def _plan(self, stops: Sequence[str]) -> DecodingPlan:
        return DecodingPlan(
            eos_ids=self.eos_ids,
            cue_ids=self.cue_ids,
            max_rationale_tokens=self.settings.max_rationale_tokens,
            max_answer_tokens=self.settings.max_answer_tokens,
            ends_text=ends_at(stops, self._text) if stops else None,
        )

    def _reply(self, request: _Request, response: Response) -> Reply:
        prompt, length = request.prompt, len(request.ids)
        if self.cue_ids is not None:
            return cascade_reply(prompt, length, response, self.cue_ids, request.until, self._text)
        suffix = self.protocol.suffix
        return single_stage_reply(prompt, length, suffix, response, request.until, self._text)

    def _text(self, ids: Sequence[int]) -> str:
        return self.tokenizer.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )


def _blocks(requests: Sequence[_Request], size: int) -> list[list[_Request]]:
    """Requests cut into blocks of at most `size` that share their stop strings."""
    blocks: list[list[_Request]] = []
    for request in requests:
        if blocks and len(blocks[-1]) < size and blocks[-1][0].until == request.until:
            blocks[-1].append(request)
        else:
            blocks.append([request])
    return blocks


def _eos_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """Every token that ends a text: the tokenizer's, the configuration's, the model's own."""
    given = (
        tokenizer.eos_token_id,
        model.config.eos_token_id,
        model.generation_config.eos_token_id,
    )
    ids: set[int] = set()
    for value in given:
        ids |= set(value) if isinstance(value, list) else {value} - {None}
    if not ids:
        raise UserError("the student's tokenizer names no EOS token, so no text of its could end")
    return tuple(sorted(ids))


def _first_items(requests: Sequence[_Request], count: int = 3) -> str:
    names = ", ".join(request.item for request in requests[:count])
    return f"first: {names}" if len(requests) > count else names
