"""Where each request stands between its first rationale token and its last answer token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

EndsText = Callable[[Sequence[int]], bool]
"""Says of the token ids of an answer so far whether it is complete (a stop string was written)."""

Finished = Callable[[int], None]
"""Told how many requests have finished."""


@dataclass(frozen=True, slots=True)
class DecodingPlan:
    """How every request of a batch is decoded.

    With `cue_ids` a request writes a rationale until EOS or `max_rationale_tokens`, the cue is
    appended, and it writes an answer until EOS or `max_answer_tokens`; a rationale that runs into
    the cue's own tokens ends before them, and nothing is appended. The cue's first `closing` tokens
    (the tag that closes a thought) do so, too, and the rest of the cue is appended. Without a cue a
    request writes one text of at most the sum of both limits, which is returned as its answer.
    Limits count tokens, not EOS. `ends_text` is asked in the last stage only.
    """

    eos_ids: tuple[int, ...]
    cue_ids: tuple[int, ...] | None
    max_rationale_tokens: int
    max_answer_tokens: int
    ends_text: EndsText | None = None
    closing: int = 0

    @property
    def max_new_tokens(self) -> int:
        """The most tokens a request can add to its prompt, the cue included."""
        return self.max_rationale_tokens + self.max_answer_tokens + len(self.cue_ids or ())


@dataclass(frozen=True, slots=True)
class Response:
    """The token ids a request wrote, EOS and cue left out; truncated: it ran into its limit."""

    rationale_ids: tuple[int, ...]
    answer_ids: tuple[int, ...]
    rationale_truncated: bool
    answer_truncated: bool


class Stage(IntEnum):
    """What the next token of a request belongs to."""

    RATIONALE = 0
    CUE = 1
    ANSWER = 2
    FINISHED = 3


class Stages:
    """The stages of `size` requests, advanced one token at a time for any subset of them.

    `stage` and `step` (tokens so far in that stage) are of shape (n,), n = `size`.
    """

    def __init__(self, plan: DecodingPlan, size: int) -> None:
        self.plan = plan
        self._cue = np.array(plan.cue_ids or (), dtype=np.int64)
        # The whole cue closes a rationale where no part of it does.
        self._closing = self._cue[: plan.closing or None]
        self._eos = np.array(plan.eos_ids, dtype=np.int64)
        cascade = plan.cue_ids is not None
        self._limit = plan.max_answer_tokens
        if not cascade:
            self._limit += plan.max_rationale_tokens
        self.stage = np.full(size, Stage.RATIONALE if cascade else Stage.ANSWER, dtype=np.int64)
        self.step = np.zeros(size, dtype=np.int64)
        # What was written, (n, limit), and how much of it, (n,); an answer's length is its step.
        self._rationale = np.zeros((size, plan.max_rationale_tokens if cascade else 0), np.int64)
        self._rationale_length = np.zeros(size, dtype=np.int64)
        self._answer = np.zeros((size, self._limit), dtype=np.int64)
        self._rationale_truncated = np.zeros(size, dtype=np.bool_)
        self._answer_truncated = np.zeros(size, dtype=np.bool_)

    def advance(self, requests: Ints, picked: Ints) -> tuple[Ints, Flags]:
        """Take the token picked for each request; return the token to feed next and who finished.

        All arrays have shape (B,); `requests` are places among the n. A pick is ignored where a
        cue token is due. What is returned for a finished request is its last pick.
        """
        # 1. The stages before this token: who enters an answer now takes its first pick next.
        stage = self.stage[requests]
        ended = np.isin(picked, self._eos)
        feed = picked.copy()
        # 2. Rationales take their picks; one that closes goes over to the cue, or past it.
        if (stage == Stage.RATIONALE).any():
            self._advance_rationale(requests, picked, ended, stage)
        answering = stage == Stage.ANSWER
        # 3. Who is in the cue, since just now too, is fed its next token in place of the pick.
        in_cue = self.stage[requests] == Stage.CUE
        if in_cue.any():
            feed[in_cue] = self._take_cue(requests[in_cue])
        # 4. Answers take their picks, and end.
        if answering.any():
            self._advance_answer(requests[answering], picked[answering], ended[answering])
        return feed, self.stage[requests] == Stage.FINISHED

    def response(self, request: int) -> Response:
        """What a request wrote so far."""
        rationale = self._rationale[request, : self._rationale_length[request]]
        answer = self._answer[request, : self.step[request]]
        return Response(
            rationale_ids=tuple(rationale.tolist()),
            answer_ids=tuple(answer.tolist()),
            rationale_truncated=bool(self._rationale_truncated[request]),
            answer_truncated=bool(self._answer_truncated[request]),
        )

    def _advance_rationale(self, requests: Ints, picked: Ints, ended: Flags, stage: Ints) -> None:
        """All arrays have shape (B,)."""
        writing = stage == Stage.RATIONALE
        full = writing & (self.step[requests] == self.plan.max_rationale_tokens)
        closes = writing & (ended | full)
        goes_on = writing & ~closes
        rows = requests[goes_on]
        self._rationale[rows, self.step[rows]] = picked[goes_on]
        self.step[rows] += 1
        self._end_at_cue(rows)
        rows = requests[closes]
        self._rationale_length[rows] = self.step[rows]
        self._rationale_truncated[requests[full]] = True
        self.stage[rows] = Stage.CUE
        self.step[rows] = 0

    def _end_at_cue(self, rows: Ints) -> None:
        """Rationales whose last tokens close them: what follows is the rest of the cue."""
        length = len(self._closing)
        rows = rows[self.step[rows] >= length]
        last = self.step[rows][:, None] + np.arange(-length, 0)  # (rows, closing tokens)
        rows = rows[(self._rationale[rows[:, None], last] == self._closing).all(axis=1)]
        self._rationale_length[rows] = self.step[rows] - length
        # The last of them is the token just picked, which is fed as the cue's own.
        self.stage[rows] = Stage.CUE
        self.step[rows] = length - 1

    def _take_cue(self, rows: Ints) -> Ints:
        tokens = self._cue[self.step[rows]]
        self.step[rows] += 1
        complete = rows[self.step[rows] == len(self._cue)]
        self.stage[complete] = Stage.ANSWER
        self.step[complete] = 0
        return tokens

    def _advance_answer(self, rows: Ints, picked: Ints, ended: Flags) -> None:
        self.stage[rows[ended]] = Stage.FINISHED
        rows, picked = rows[~ended], picked[~ended]
        self._answer[rows, self.step[rows]] = picked
        self.step[rows] += 1
        if (ends_text := self.plan.ends_text) is not None:
            for row in rows:
                if ends_text(self._answer[row, : self.step[row]].tolist()):
                    self.stage[row] = Stage.FINISHED
        full = (self.step[rows] == self._limit) & (self.stage[rows] != Stage.FINISHED)
        self.stage[rows[full]] = Stage.FINISHED
        self._answer_truncated[rows[full]] = True
