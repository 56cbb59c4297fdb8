"""Chat: the question as a user's message, the reply as an assistant's turn of the model's own
template.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from trainers.layouts.chat_template import render_question
from trainers.layouts.layout import Layout
from trainers.layouts.thought import Thought
from trainers.method import Prompt
from trainers.protocol import Protocol
from trainers.tokens import encode_rendered


def chat_layout(tokenizer: Any, protocol: Protocol) -> Layout:
    """The layout of an instruct model.

    The template renders no more than the prompt: templates rewrite what was said earlier, so the
    turn itself is made of segments, as in the plain layout.
    """
    template = protocol.template
    assert template is not None
    # Only what the template does not write itself.
    begun = "" if template.opens_thought else protocol.begun

    def render(prompt: Prompt) -> str:
        return render_question(tokenizer, prompt.message, template.arguments) + begun

    return Layout(
        tokenizer,
        render=render,
        encode=partial(encode_rendered, tokenizer),
        end_of_turn=template.end_of_turn,
        thought=Thought(*template.think_tags, bool(protocol.begun), protocol.cascade)
        if template.think_tags
        else None,
    )
