"""Stored completions (a teacher's) behind lm-eval's interface, so that they are scored alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lm_eval.api.instance import Instance
from lm_eval.api.model import LM

from harness.evaluation.fingerprint import text_fingerprint
from harness.evaluation.inference_costs import InferenceCosts
from harness.evaluation.reply import Progress, Reply
from tasks.errors import UserError
from tasks.scoring.cues import split_at_cue
from trainers.protocol import Protocol


class StoredCompletionsLM(LM):
    """Answers every request with the stored completion of its item; `completions` is by item id.

    Token counts and costs are zero: nothing is generated here, and no tokenizer is known.
    """

    def __init__(self, completions: Mapping[str, str], *, name: str = "teacher") -> None:
        super().__init__()
        self.completions = completions
        self.protocol = Protocol(method=name, suffix="", cascade=False)
        self.generation: dict[str, Any] = {"stored": True}
        self.replies: dict[tuple[str, int], Reply] = {}
        self.costs = InferenceCosts()
        self.progress: Progress | None = None

    @property
    def fingerprint(self) -> str:
        """sha256 over all ids and completions."""
        return text_fingerprint("\0".join(f"{k}\0{v}" for k, v in sorted(self.completions.items())))

    def generate_until(self, requests: list[Instance], disable_tqdm: bool = False) -> list[str]:
        """The stored completions; UserError where items have none."""
        ids = [request.doc["id"] for request in requests]
        if missing := [item for item in ids if item not in self.completions]:
            raise UserError(
                f"{len(missing)} of {len(ids)} items have no stored completion "
                f"(first: {', '.join(missing[:3])})"
            )
        for request, item in zip(requests, ids, strict=True):
            completion = self.completions[item]
            split = split_at_cue(completion)
            self.replies[request.task_name, request.doc_id] = Reply(
                prompt_sent=request.args[0],
                completion=completion,
                rationale=split.rationale,
                prompt_tokens=0,
                rationale_tokens=0,
                answer_tokens=0,
                rationale_truncated=split.unfinished_thought,
                answer_truncated=False,
            )
        self.costs = InferenceCosts(items=len(ids))
        if self.progress:
            self.progress(len(ids), len(ids))
        return [self.completions[item] for item in ids]

    def loglikelihood(self, requests: list[Instance]) -> list[tuple[float, bool]]:
        """Not to be had from text alone."""
        raise NotImplementedError("stored completions have no likelihoods")

    def loglikelihood_rolling(self, requests: list[Instance]) -> list[float]:
        """Not to be had from text alone."""
        raise NotImplementedError("stored completions have no likelihoods")
