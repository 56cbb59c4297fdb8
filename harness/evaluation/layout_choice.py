"""The layout that a student is asked in: chosen by hand, and told in one line."""

from __future__ import annotations

from typing import Any, get_args

from tasks.errors import UserError
from trainers.layouts.chat_template import names_tags, template_source
from trainers.layouts.choose import settled
from trainers.methods import load_method
from trainers.protocol import LayoutName, Protocol


def protocol_by_hand(
    method: str | None, layout: LayoutName | None, thinking: bool
) -> Protocol | None:
    """How a student is asked that carries no protocol; None where its own is to be read."""
    if method is None:
        if layout or thinking:
            raise UserError(
                "a layout and thinking are given with a method: a student that carries a protocol "
                "is asked in the layout that it was trained in"
            )
        return None
    if layout not in (None, *get_args(LayoutName)):
        raise UserError(f"layout {layout!r}: give {' or '.join(get_args(LayoutName))}")
    return load_method(method).protocol(None, "", layout=layout or "plain", thinking=thinking)


def layout_line(protocol: Protocol, tokenizer: Any, why: str) -> str:
    """The layout and what it does; "" where there was no choice, since no chat template is there.

    `why` says who chose it. UserError where the template cannot be used.
    """
    source, template = template_source(tokenizer), settled(protocol, tokenizer).template
    if template is None:
        return (
            f"layout plain, {why}; its tokenizer carries a chat template, which layout chat renders"
            if source
            else ""
        )
    end = tokenizer.convert_ids_to_tokens(template.end_of_turn)
    line = f"layout chat, {why}: its chat template is rendered, a turn ends with {end}"
    if template.think_tags is None:
        return line
    as_text = "" if source and names_tags(source) else " (as text, the template names no tags)"
    return f"{line}, rationales stand between {' and '.join(template.think_tags)}{as_text}"
