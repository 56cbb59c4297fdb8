"""Plain: a text that the student completes, until EOS."""

from __future__ import annotations

from functools import partial
from typing import Any

from trainers.layouts.layout import Layout
from trainers.protocol import Protocol
from trainers.tokens import encode_prompt


def plain_layout(tokenizer: Any, _protocol: Protocol | None = None) -> Layout:
    """The layout of a base model."""
    return Layout(
        tokenizer,
        render=lambda prompt: prompt.text,
        encode=partial(encode_prompt, tokenizer),
        end_of_turn=tokenizer.eos_token_id,
    )
