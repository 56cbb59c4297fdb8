"""Stored completions (a teacher's) as a student, so that they are scored alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.fingerprint import text_fingerprint
from harness.evaluation.inference_costs import InferenceCosts
from harness.evaluation.reply import Reply
from harness.evaluation.student import Answered, Request
from tasks.errors import UserError
from tasks.progress import Progress
from tasks.scoring.cues import split_at_cue
from trainers.protocol import Protocol


class StoredStudent:
    """Replies to every request with the stored completion of its item; `completions` is by item id.

    Token counts and costs are zero: nothing is generated here, and no tokenizer is known.
    """

    def __init__(self, completions: Mapping[str, str], *, name: str = "teacher") -> None:
        self._completions = completions
        self._name = name

    @property
    def protocol(self) -> Protocol:
        """Nothing is sent behind a request's own text."""
        return Protocol(method=self._name, suffix="", cascade=False)

    @property
    def fingerprint(self) -> str:
        """sha256 over all ids and completions."""
        texts = sorted(self._completions.items())
        return text_fingerprint("\0".join(f"{item}\0{text}" for item, text in texts))

    def generation(self, settings: DecodingSettings) -> dict[str, Any]:
        """No setting has any effect on what is stored."""
        return {"stored": True}

    def reply(
        self,
        requests: Sequence[Request],
        settings: DecodingSettings,
        progress: Progress | None = None,
    ) -> Answered:
        """The stored completions; UserError where items have none."""
        missing = [r.item for r in requests if r.item not in self._completions]
        if missing:
            raise UserError(
                f"{len(missing)} of {len(requests)} items have no stored completion "
                f"(first: {', '.join(missing[:3])})"
            )
        replies = tuple(_reply(r.context, self._completions[r.item]) for r in requests)
        if progress:
            progress(len(replies), len(replies))
        return Answered(replies, InferenceCosts(items=len(replies)))


def _reply(context: str, completion: str) -> Reply:
    split = split_at_cue(completion)
    return Reply(
        prompt_sent=context,
        completion=completion,
        as_written=completion,
        raw=completion,
        rationale=split.rationale,
        prompt_tokens=0,
        rationale_tokens=0,
        answer_tokens=0,
        rationale_truncated=split.unfinished_thought,
        answer_truncated=False,
    )
