"""Options as a question shows them: "Options:", then one lettered line each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_uppercase

OPTIONS_HEADING = "\nOptions:\n"
_LETTERED = re.compile(r"\(([A-Z]|\d+)\) ?(.*)", re.DOTALL)


def option_label(position: int) -> str:
    """The label of the option at `position` (from 0): "(A)" to "(Z)", then "(27)" and on."""
    inner = ascii_uppercase[position] if position < len(ascii_uppercase) else str(position + 1)
    return f"({inner})"


def with_options(question: str, options: Sequence[str]) -> str:
    """The question with its option list, each option on a line behind its label."""
    lines = (f"{option_label(i)} {option}" for i, option in enumerate(options))
    return question + OPTIONS_HEADING + "\n".join(lines)


def split_options(question: str) -> tuple[str, list[tuple[str, str]]]:
    """A question cut at its option list: what stands before, and (label, text) of each option.

    The list is empty where there is none or where its lines carry no labels ("- Yes").
    """
    stem, heading, tail = question.rpartition(OPTIONS_HEADING)
    if not heading:
        return question, []
    matches = [_LETTERED.fullmatch(line) for line in tail.strip("\n").split("\n")]
    options = [(f"({match[1]})", match[2].strip()) for match in matches if match]
    return (stem, options) if len(options) == len(matches) else (question, [])
