"""What goes over the wire to a server: token ids, or text where it knows no ids."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.decoding.stages import DecodingPlan
from trainers.tokens import encode_continuation, encode_prompt


@dataclass(frozen=True, slots=True)
class Written:
    """Token ids that a server wrote; `ended`: it ended the text itself, by EOS."""

    ids: tuple[int, ...]
    ended: bool


class WireForm(typing.Protocol):
    """How a prompt is sent and a text is read."""

    @property
    def name(self) -> str:
        """What marks the boundaries of texts."""

    def request(
        self, ids: Sequence[int], most: int, plan: DecodingPlan, *, answering: bool
    ) -> dict[str, Any]:
        """The fields that ask for at most so many tokens behind these ids."""

    def written(self, choice: dict[str, Any]) -> Written:
        """What stands in a choice of the server's answer; ValueError where it is not to be read."""


class TokenIds:
    """Token ids both ways, as vLLM takes and returns them; nothing is encoded a second time.

    A model's own defaults for penalties and cut-offs are switched off.
    """

    name = "token ids"

    def request(
        self, ids: Sequence[int], most: int, plan: DecodingPlan, *, answering: bool
    ) -> dict[str, Any]:
        """Stop strings end an answer early, the client judges whether one counts."""
        return {
            "prompt": list(ids),
            "max_tokens": most,
            "return_token_ids": True,
            "stop_token_ids": list(plan.eos_ids),
            "ignore_eos": True,
            "stop": list(plan.stop_strings) if answering else [],
            "skip_special_tokens": False,
            "top_k": -1,
            "min_p": 0.0,
            "repetition_penalty": 1.0,
        }

    def written(self, choice: dict[str, Any]) -> Written:
        """`stop_reason` is the string that stopped a text; EOS is a number or none."""
        ids = choice.get("token_ids")
        if not isinstance(ids, list) or not all(isinstance(token, int) for token in ids):
            raise ValueError("answers without token ids, though it gave some at first")
        by_string = isinstance(choice.get("stop_reason"), str)
        return Written(tuple(ids), choice.get("finish_reason") == "stop" and not by_string)


class PlainText:
    """Text both ways, encoded here: tokens may be others than those that the server wrote."""

    name = "text"

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        # What a server's tokenizer puts in front of any text, it puts in front of this one.
        self._added = encode_prompt(tokenizer, "")

    def request(
        self, ids: Sequence[int], most: int, plan: DecodingPlan, *, answering: bool
    ) -> dict[str, Any]:
        """No stop strings: a text says not whether it ended at one."""
        return {"prompt": self.text(ids), "max_tokens": most}

    def written(self, choice: dict[str, Any]) -> Written:
        """The text as this tokenizer encodes it."""
        text = str(choice.get("text") or "")
        ids = encode_continuation(self._tokenizer, text) if text else []
        return Written(tuple(ids), choice.get("finish_reason") != "length")

    def text(self, ids: Sequence[int]) -> str:
        """Token ids as text, special ones included, without what a tokenizer puts in front."""
        ids = list(ids)
        if self._added and ids[: len(self._added)] == self._added:
            ids = ids[len(self._added) :]
        return str(
            self._tokenizer.decode(
                ids, skip_special_tokens=False, clean_up_tokenization_spaces=False
            )
        )
