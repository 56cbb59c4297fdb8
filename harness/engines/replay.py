"""A text that somebody else wrote, put through the stages of a request as if it were decoded here.

So limits, cues and forced answers have one meaning, whoever writes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness.decoding.stages import DecodingPlan, Response, Stage, Stages

# What is picked where the pick does not count.
ANY = 0


class Replay:
    """One request: what stands in front of its next token, and how much may be written there."""

    def __init__(self, prompt: Sequence[int], plan: DecodingPlan) -> None:
        self.ids = list(prompt)
        self._plan = plan
        self._stages = Stages(plan, 1)
        self._one = np.zeros(1, dtype=np.int64)
        self._feed_what_is_due()

    @property
    def stage(self) -> Stage:
        """What the next token belongs to."""
        return Stage(self._stages.stage[0])

    @property
    def step(self) -> int:
        """Tokens written in this stage."""
        return int(self._stages.step[0])

    @property
    def room(self) -> int:
        """How many tokens may be written now, at least one while it is not finished."""
        return self._stages.room(0)

    def take(self, ids: tuple[int, ...], *, ended: bool) -> None:
        """Take tokens that were written, up to the end of the stage; what follows is left out.

        `ended`: behind them the text ends, if the stage does not end before.
        """
        stage = self.stage
        while ids and self.stage == stage:
            count = self._stages.lengthen(0, np.array(ids, dtype=np.int64))
            self.ids += ids[:count]
            for token in ids[count : count + 1]:
                self._feed(token)
            ids = ids[count + 1 :]
        if ended and self.stage == stage:
            self._feed(self._plan.eos_ids[0])
        self._feed_what_is_due()

    def response(self) -> Response:
        """What was written so far."""
        return self._stages.response(0)

    def _feed_what_is_due(self) -> None:
        """What needs nobody to write it: a cue, the end of a rationale that met its limit."""
        while self.stage != Stage.FINISHED and self.room == 0:
            self._feed(ANY)

    def _feed(self, token: int) -> None:
        fed, _ = self._stages.advance(self._one, np.array([token], dtype=np.int64))
        self.ids.append(int(fed[0]))
