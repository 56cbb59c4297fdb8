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

CueBehind = Callable[[Sequence[int]], tuple[int, ...] | None]
"""The cue's tokens to feed behind these token ids, a rationale or one text that met its limit; None
where the text needs none, since it has answered. A function of the ids alone.
"""

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
    Limits count tokens, not EOS. `ends_text` is asked of a text that is not a rationale.

    `stop_strings` are what `ends_text` looks for, if that is all it does: whoever else writes the
    text may stop at them to be asked whether one counts.

    `cue_behind` says which cue a text gets, of at most `longest_cue` tokens. A cascade gets one
    always, by default `cue_ids`. A text written at once gets one where it met its limit without an
    answer; behind it an answer of at most `max_answer_tokens` is written, the forced one. Without
    `cue_behind` none is forced.
    """

    eos_ids: tuple[int, ...]
    cue_ids: tuple[int, ...] | None
    max_rationale_tokens: int
    max_answer_tokens: int
    ends_text: EndsText | None = None
    closing: int = 0
    cue_behind: CueBehind | None = None
    longest_cue: int = 0
    stop_strings: tuple[str, ...] = ()

    @property
    def max_new_tokens(self) -> int:
        """The most tokens a request can add to its prompt, cue and forced answer included."""
        written = self.max_rationale_tokens + self.max_answer_tokens
        if self.cue_ids is not None:
            return written + max(len(self.cue_ids), self.longest_cue)
        return written + (self.longest_cue + self.max_answer_tokens if self.cue_behind else 0)

    def cue_fed(self, ids: Sequence[int]) -> tuple[int, ...] | None:
        """The cue that is fed behind these ids, if any."""
        return self.cue_behind(ids) if self.cue_behind else self.cue_ids


@dataclass(frozen=True, slots=True)
class Response:
    """The token ids a request wrote, EOS and cue left out; truncated: it ran into its limit.

    `forced_ids` is the answer behind the cue that a cut text was given, None where none was. All
    else is what it is without: what the request wrote by itself.
    """

    rationale_ids: tuple[int, ...]
    answer_ids: tuple[int, ...]
    rationale_truncated: bool
    answer_truncated: bool
    forced_ids: tuple[int, ...] | None = None


class Stage(IntEnum):
    """What the next token of a request belongs to."""

    RATIONALE = 0
    CUE = 1
    ANSWER = 2
    FINISHED = 3
    FORCED = 4  # last, since a sampled token hangs on its stage's number


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
        self._behind_cue = Stage.ANSWER if cascade else Stage.FORCED
        self._limit = plan.max_answer_tokens
        if not cascade:
            self._limit += plan.max_rationale_tokens
        self.stage = np.full(size, Stage.RATIONALE if cascade else Stage.ANSWER, dtype=np.int64)
        self.step = np.zeros(size, dtype=np.int64)
        # The cue that each request is fed, or was.
        self._fed = [plan.cue_ids or ()] * size
        # What was written, (n, limit), and how much of it, (n,); an answer's length is its step,
        # but that of one that met its limit and was forced.
        self._rationale = np.zeros((size, plan.max_rationale_tokens if cascade else 0), np.int64)
        self._rationale_length = np.zeros(size, dtype=np.int64)
        self._answer = np.zeros((size, self._limit), dtype=np.int64)
        self._forced = np.zeros((0 if cascade else size, plan.max_answer_tokens), dtype=np.int64)
        self._is_forced = np.zeros(size, dtype=np.bool_)
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
        answering, forced = stage == Stage.ANSWER, stage == Stage.FORCED
        # 3. Who is in the cue, since just now too, is fed its next token in place of the pick.
        in_cue = self.stage[requests] == Stage.CUE
        if in_cue.any():
            feed[in_cue] = self._take_cue(requests[in_cue])
        # 4. Answers take their picks, and end; one that met its limit may be given a cue.
        if answering.any():
            rows = requests[answering]
            full = self._write(self._answer, rows, picked[answering], ended[answering])
            self._answer_truncated[full] = True
            self._force(full)
        if forced.any():
            self._write(self._forced, requests[forced], picked[forced], ended[forced])
        return feed, self.stage[requests] == Stage.FINISHED

    def lengthen(self, request: int, ids: Ints) -> int:
        """Take the first of these tokens, (T,), as far as they do no more than lengthen a text.

        Returns how many that are; `advance` takes the next one. It saves nothing but time.
        """
        stage = self.stage[request]
        ends = self._eos
        if stage == Stage.RATIONALE:
            text, ends = self._rationale, np.append(ends, self._closing[-1:])
        elif self.plan.ends_text is None:
            text = self._answer if stage == Stage.ANSWER else self._forced
        else:
            return 0
        [may_end] = np.isin(ids, ends).nonzero()
        before = int(may_end[0]) if len(may_end) else len(ids)
        count = max(min(before, self.room(request) - 1), 0)
        text[request, self.step[request] : self.step[request] + count] = ids[:count]
        self.step[request] += count
        return count

    def room(self, request: int) -> int:
        """How many more tokens a request may write in its stage, not counting EOS; 0 in a cue."""
        match self.stage[request]:
            case Stage.RATIONALE:
                limit = self.plan.max_rationale_tokens
            case Stage.ANSWER:
                limit = self._limit
            case Stage.FORCED:
                limit = self.plan.max_answer_tokens
            case _:
                return 0
        return limit - int(self.step[request])

    def response(self, request: int) -> Response:
        """What a request wrote so far."""
        rationale = self._rationale[request, : self._rationale_length[request]]
        forced, step = bool(self._is_forced[request]), int(self.step[request])
        answer = self._answer[request, : self._limit if forced else step]
        return Response(
            rationale_ids=tuple(rationale.tolist()),
            answer_ids=tuple(answer.tolist()),
            rationale_truncated=bool(self._rationale_truncated[request]),
            answer_truncated=bool(self._answer_truncated[request]),
            forced_ids=tuple(self._forced[request, :step].tolist()) if forced else None,
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
        for row in rows:
            cue = self.plan.cue_fed(self._rationale[row, : self.step[row]].tolist())
            assert cue is not None  # a cascade's always is one
            self._feed_cue(row, cue)

    def _end_at_cue(self, rows: Ints) -> None:
        """Rationales whose last tokens close them: what follows is the rest of the cue."""
        length = len(self._closing)
        rows = rows[self.step[rows] >= length]
        last = self.step[rows][:, None] + np.arange(-length, 0)  # (rows, closing tokens)
        rows = rows[(self._rationale[rows[:, None], last] == self._closing).all(axis=1)]
        for row in rows:
            before = int(self.step[row]) - length
            # Where another cue would be fed (an open thought is closed first) it ends nothing.
            if self.plan.cue_fed(self._rationale[row, :before].tolist()) == self.plan.cue_ids:
                self._rationale_length[row] = before
                # The last of them is the token just picked, which is fed as the cue's own.
                self.stage[row] = Stage.CUE
                self.step[row] = length - 1

    def _feed_cue(self, row: int, cue: tuple[int, ...]) -> None:
        self._fed[row] = cue
        self._enter(row, Stage.CUE if cue else self._behind_cue)

    def _enter(self, row: int, stage: Stage) -> None:
        self.stage[row] = stage
        self.step[row] = 0

    def _take_cue(self, rows: Ints) -> Ints:
        tokens = np.array([self._fed[row][self.step[row]] for row in rows], dtype=np.int64)
        self.step[rows] += 1
        for row in rows:
            if self.step[row] == len(self._fed[row]):
                self._enter(row, self._behind_cue)
        return tokens

    def _write(self, text: Ints, rows: Ints, picked: Ints, ended: Flags) -> Ints:
        """Put picks, (B,), into the rows of `text`, (n, limit), or end them; who met the limit."""
        self.stage[rows[ended]] = Stage.FINISHED
        rows, picked = rows[~ended], picked[~ended]
        text[rows, self.step[rows]] = picked
        self.step[rows] += 1
        if (ends_text := self.plan.ends_text) is not None:
            for row in rows:
                if ends_text(text[row, : self.step[row]].tolist()):
                    self.stage[row] = Stage.FINISHED
        full = (self.step[rows] == text.shape[1]) & (self.stage[rows] != Stage.FINISHED)
        met: Ints = rows[full]
        self.stage[met] = Stage.FINISHED
        return met

    def _force(self, rows: Ints) -> None:
        """Texts that met their limit: where one has not answered, its cue is due next."""
        if self._behind_cue == Stage.ANSWER:
            return
        for row in rows:
            if (cue := self.plan.cue_fed(self._answer[row].tolist())) is not None:
                self._is_forced[row] = True
                self._feed_cue(row, cue)
