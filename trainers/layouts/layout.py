"""What a layout is to training and asking: prompts as text and tokens, turns as segments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trainers.layouts.thought import Thought
from trainers.method import Prompt, Row, Segment
from trainers.tokens import encode_continuation


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout as one student, asked by one protocol, has it.

    `render` gives the text of a prompt as it is sent, `encode` that text's tokens. `end_of_turn` is
    the id of the token that ends a turn; None where the student's tokenizer names none.
    """

    tokenizer: Any
    render: Callable[[Prompt], str]
    encode: Callable[[str], list[int]]
    end_of_turn: int | None
    thought: Thought | None = None

    def spelled(self, row: Row) -> list[Segment]:
        """A training row as it is fed: the prompt as it is sent, then the turn."""
        prompt, *turn = row
        return [Segment(self.render(prompt)), *(self.thought.turn(turn) if self.thought else turn)]

    def continued(self, text: str) -> list[int]:
        """The tokens of text that goes on in a turn."""
        return encode_continuation(self.tokenizer, text)

    @property
    def opening_ids(self) -> list[int]:
        """What the student writes before its rationale: the opening tag, where the prompt lacks
        it.
        """
        if self.thought is None or self.thought.begun:
            return []
        return self.continued(self.thought.opening)

    @property
    def closing_ids(self) -> list[int]:
        """What ends a rationale, beside the end of a turn: the closing tag."""
        return self.continued(self.thought.closing) if self.thought else []

    def cue_ids(self, cue: str) -> list[int]:
        """What stands between a rationale and its answer: the closing tag and the cue."""
        return [*self.closing_ids, *self.continued(cue)]
