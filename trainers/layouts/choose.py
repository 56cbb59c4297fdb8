"""The layout that a protocol names, for one student's tokenizer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tasks.errors import UserError
from trainers.layouts.chat import chat_layout
from trainers.layouts.chat_template import read_template
from trainers.layouts.layout import Layout
from trainers.layouts.plain import plain_layout
from trainers.protocol import LayoutName, Protocol

LAYOUTS: dict[LayoutName, Callable[[Any, Protocol], Layout]] = {
    "plain": plain_layout,
    "chat": chat_layout,
}


def settled(protocol: Protocol, tokenizer: Any) -> Protocol:
    """The protocol with what there is to know of the tokenizer's template.

    UserError where the template cannot be used, or is not the one that the protocol tells of.
    """
    if protocol.layout == "plain":
        return protocol
    found = read_template(tokenizer, thinking=protocol.thinking)
    if protocol.template not in (None, found):
        raise UserError(
            f"{tokenizer.name_or_path}: its chat template no longer renders what this student was "
            "trained on; put back the tokenizer and the template that were saved with the weights"
        )
    return replace(protocol, template=found)


def layout_of(protocol: Protocol, tokenizer: Any) -> Layout:
    """The layout of a student that is asked by this protocol; errors as for `settled`."""
    return LAYOUTS[protocol.layout](tokenizer, settled(protocol, tokenizer))
