"""Options as a question shows them: "Options:", then one lettered line each."""

from __future__ import annotations

import re
from collections.abc import Sequence

LABEL = r"(?:[A-Za-z]|\d{1,3})"
BRACKETED_LABEL = re.compile(rf"(?<!\w)[(\[{{]\s*({LABEL})\s*[)\]}}](?!\w)")
OPTIONS_HEADING = "\nOptions:\n"
_BULLET = r"[-*•]"
_LETTERED = re.compile(r"\(([A-Z]|\d+)\) ?(.*)", re.DOTALL)


def option_label(position: int) -> str:
    """The label of the option at a position, from 0: "(A)" to "(Z)", then "(27)" and on."""
    return f"({chr(ord('A') + position)})" if position < 26 else f"({position + 1})"


def is_option_label(text: str) -> bool:
    """Whether a text is an option's label and nothing else: "(B)", "(27)"."""
    return BRACKETED_LABEL.fullmatch(text) is not None


def with_options(question: str, options: Sequence[str]) -> str:
    """The question with its option list, each option on a line behind its label."""
    lines = (f"{option_label(i)} {option}" for i, option in enumerate(options))
    return question + OPTIONS_HEADING + "\n".join(lines)


def showing_options(question: str, options: Sequence[str]) -> str:
    """The question with its option list; as it is where there are no options or it lists them
    itself.

    It lists them where each is at the start of a line, behind its label or a bullet, or anywhere
    behind its label and followed by its text.
    """
    listed = all(_is_listed(question, option_label(n), text) for n, text in enumerate(options))
    return question if listed else with_options(question.rstrip(), options)


def _is_listed(question: str, label: str, text: str) -> bool:
    name, words = re.escape(label.strip("()")), r"\s+".join(map(re.escape, text.split()))
    dressed = rf"(?<!\w)(?:[(\[{{]\s*{name}\s*[)\]}}]|{name}[).:])"
    at_line = rf"^\s*(?:{dressed}|{_BULLET}\s*{words}\s*$)"
    # "Options: Gus (A), Fay (B)": the label may also stand behind its text.
    behind = rf"(?<!\w){words}\s*[(\[{{]\s*{name}\s*[)\]}}]"
    listed = rf"{at_line}|{dressed}\s*{words}|{behind}"
    return bool(re.search(listed, question, re.IGNORECASE | re.MULTILINE))


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
