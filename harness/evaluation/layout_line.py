"""Which layout a student is asked in, and why, as one line."""

from __future__ import annotations

from typing import Any

from trainers.layouts.chat_template import names_tags, template_source
from trainers.layouts.choose import settled
from trainers.protocol import Protocol


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
