"""A tokenizer's chat template: what it renders, and what can be learned of it by rendering."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from tasks.errors import UserError
from tasks.scoring.thoughts import TAGS, part_thoughts
from trainers.protocol import Template
from trainers.tokens import encode_rendered, special_ids

# Arguments by which templates are told whether their model is to think.
THINKING_SWITCHES = ("enable_thinking", "thinking")
# Templates in Llama 3.2's manner name the day, today's unless they are told another one: this is
# the one that they name where they have no clock.
DATE_ARGUMENT, DATE = "date_string", "26 Jul 2024"
CLOCK = "strftime_now"

QUESTION, REPLY = "sentinel question", "sentinel reply"


def template_source(tokenizer: Any) -> str | None:
    """The chat template that a tokenizer carries, None where it carries none."""
    try:
        return str(tokenizer.get_chat_template())
    except ValueError:
        return None


def render_question(tokenizer: Any, message: str, arguments: Mapping[str, Any]) -> str:
    """A user's message as the template renders it, up to where the assistant's turn begins."""
    return _rendered(tokenizer, [_said("user", message)], arguments, add_generation_prompt=True)


def names_tags(source: str) -> bool:
    """Whether a template knows think tags."""
    return _tags_of(source) is not None


def read_template(tokenizer: Any, *, thinking: bool) -> Template:
    """What a tokenizer's template does, told from what it renders of two sentinel messages.

    UserError where there is no template, where it does not render them, where no special token
    follows the assistant's, and where prompts would not be the same tomorrow or would begin a
    thought that nobody wants.
    """
    name, source = tokenizer.name_or_path, template_source(tokenizer)
    if source is None:
        raise UserError(
            f"{name}: layout chat needs a chat template, and its tokenizer carries none; "
            "use layout plain"
        )
    if CLOCK in source and DATE_ARGUMENT not in source:
        raise UserError(
            f"{name}: its chat template writes today's date into every prompt, so that no other "
            "day's are the same; write a fixed one into the template"
        )
    arguments = _arguments(source, thinking)
    prompt = render_question(tokenizer, QUESTION, arguments)
    dialogue = _rendered(tokenizer, [_said("user", QUESTION), _said("assistant", REPLY)], arguments)
    for role, said, text in (("user", QUESTION, prompt), ("assistant", REPLY, dialogue)):
        if said not in text:
            raise UserError(f"{name}: its chat template renders no {role}'s turn; use layout plain")
    opens_thought = part_thoughts(prompt.rpartition(QUESTION)[2]).unfinished
    if opens_thought and not thinking:
        raise UserError(
            f"{name}: its chat template opens a thought in every turn; set thinking: true"
        )
    facts = (source, prompt, dialogue, encode_rendered(tokenizer, prompt))
    return Template(
        fingerprint=hashlib.sha256(json.dumps(facts).encode()).hexdigest(),
        arguments=arguments,
        end_of_turn=_end_of_turn(tokenizer, dialogue.rpartition(REPLY)[2]),
        think_tags=(_tags_of(source) or TAGS[0]) if thinking else None,
        opens_thought=opens_thought,
    )


def _rendered(
    tokenizer: Any,
    messages: list[dict[str, str]],
    arguments: Mapping[str, Any],
    *,
    add_generation_prompt: bool = False,
) -> str:
    from jinja2 import TemplateError

    try:
        return str(
            tokenizer.apply_chat_template(
                messages,
                tokenize=False,
                add_generation_prompt=add_generation_prompt,
                **arguments,
            )
        )
    except (TemplateError, TypeError) as error:
        role = messages[-1]["role"]
        raise UserError(
            f"{tokenizer.name_or_path}: its chat template cannot render the {role}'s turn "
            f"({' '.join(str(error).split())})"
        ) from None


def _said(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _arguments(source: str, thinking: bool) -> dict[str, Any]:
    """Those that the template reads."""
    switches: dict[str, Any] = dict.fromkeys(THINKING_SWITCHES, thinking)
    known = switches | {DATE_ARGUMENT: DATE}
    return {name: value for name, value in known.items() if re.search(rf"\b{name}\b", source)}


def _tags_of(source: str) -> tuple[str, str] | None:
    """The first pair of think tags of which a template holds one."""
    return next((pair for pair in TAGS if any(tag in source for tag in pair)), None)


def _end_of_turn(tokenizer: Any, ending: str) -> int:
    """The first special token of what follows an assistant's message."""
    special = special_ids(tokenizer)
    found = next((i for i in encode_rendered(tokenizer, ending) if i in special), None)
    if found is None:
        raise UserError(
            f"{tokenizer.name_or_path}: what ends a turn cannot be told, no special token follows "
            f"an assistant's message in its chat template (but {ending!r}); use layout plain"
        )
    return found
