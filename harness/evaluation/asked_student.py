"""A student asked by its own protocol, whatever engine answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.decoding.stages import DecodingPlan, Response
from harness.evaluation.block_decoding import finished_draws, generation_facts
from harness.evaluation.decoding_plan import decoding_plan, to_text
from harness.evaluation.encoded_requests import (
    EncodedRequest,
    blocks,
    encode_requests,
    refuse_too_long,
)
from harness.evaluation.inference_costs import inference_costs
from harness.evaluation.open_student import OpenStudent
from harness.evaluation.reply import Reply, cascade_reply, single_stage_reply
from harness.evaluation.response_store import ResponseStore
from harness.evaluation.student import Answered, Request
from tasks.progress import Progress
from trainers.protocol import Protocol


def kept_in(student: OpenStudent, file: Path) -> AskedStudent:
    """The student with its finished blocks kept in a file."""
    return AskedStudent(student, ResponseStore(file))


class AskedStudent:
    """A `SamplingStudent` asked a block of requests at a time; finished blocks are kept in the
    store.
    """

    def __init__(self, student: OpenStudent, store: ResponseStore | None = None) -> None:
        self._student = student
        self._store = store

    @property
    def protocol(self) -> Protocol:
        """What is sent to the student and in how many stages."""
        return self._student.facts.protocol

    @property
    def fingerprint(self) -> str:
        """Of the weights and the tokenizer."""
        return self._student.facts.fingerprint

    def generation(self, settings: DecodingSettings) -> dict[str, Any]:
        """The settings, and the facts of the engine."""
        return generation_facts(self._student, settings)

    def reply(
        self,
        requests: Sequence[Request],
        settings: DecodingSettings,
        progress: Progress | None = None,
    ) -> Answered:
        """Reply to all requests; UserError where a prompt and the limits exceed the context."""
        (answered,) = self._decode(requests, settings, (settings.draw,), progress)
        return answered

    def decode_draws(
        self,
        requests: Sequence[Request],
        settings: DecodingSettings,
        draws: int,
        progress: Progress | None = None,
    ) -> list[Answered]:
        """All draws, decoded in one batch a block; errors as for `reply`."""
        return self._decode(requests, settings, range(draws), progress)

    def _decode(
        self,
        requests: Sequence[Request],
        settings: DecodingSettings,
        draws: Sequence[int],
        progress: Progress | None,
    ) -> list[Answered]:
        """An `Answered` a draw: n requests, D draws, blocks of B requests."""
        student, facts, store = self._student, self._student.facts, self._store
        # 1. Encode all n before the first is decoded: one that is too long should not be found
        # late.
        encoded = encode_requests(requests, facts.protocol, facts.tokenizer)
        plan = decoding_plan(facts, settings)
        refuse_too_long(encoded, context=facts.context, new_tokens=plan.max_new_tokens)
        replies: list[dict[int, Reply]] = [{} for _ in draws]  # D x {place in n: reply}
        seconds = [0.0] * len(draws)  # D
        done, everything = 0, len(encoded) * len(draws)

        def report(finished: int) -> None:
            if progress:
                progress(done + finished, everything)

        for block in blocks(encoded, settings.block):
            # 2. Decode or find the B D responses of a block.
            finished = finished_draws(
                student,
                [encoded[place].ids for place in block],
                encoded[block[0]].until,
                settings,
                draws=draws,
                store=store,
                report=report,
            )
            # 3. Put each draw's B responses back to the places of their requests.
            for draw, of_draw in enumerate(finished):
                seconds[draw] += of_draw.seconds
                for place, response in zip(block, of_draw.responses, strict=True):
                    replies[draw][place] = self._reply(encoded[place], response, plan)
            # 4. Tell of blocks that were found, too.
            done += len(block) * len(draws)
            report(0)
        return [
            self._answered([of_draw[place] for place in range(len(encoded))], took)
            for of_draw, took in zip(replies, seconds, strict=True)
        ]

    def _answered(self, replies: list[Reply], seconds: float) -> Answered:
        costs = inference_costs(replies, self._student.facts.shape, seconds=seconds)
        return Answered(tuple(replies), costs)

    def _reply(self, request: EncodedRequest, response: Response, plan: DecodingPlan) -> Reply:
        prompt, length, until = request.prompt, len(request.ids), request.until
        text, asked = to_text(self._student.facts.tokenizer), self.protocol
        cascade = plan.cue_ids is not None
        cue = plan.cue_fed(response.rationale_ids if cascade else response.answer_ids) or ()
        if cascade:
            return cascade_reply(prompt, length, response, cue, until, text, begun=asked.begun)
        return single_stage_reply(
            prompt, length, asked.suffix, response, until, text, cue, begun=asked.begun
        )
