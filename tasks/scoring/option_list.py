"""Options as a question shows them: "Options:", then one lettered line each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

LABEL = r"(?:[A-Za-z]|\d{1,3})"
BRACKETED_LABEL = re.compile(rf"(?<!\w)[(\[{{]\s*({LABEL})\s*[)\]}}](?!\w)")
OPTIONS_HEADING = "\nOptions:\n"
_BULLET = r"[-*•]"
_BULLETED = re.compile(rf"^\s*{_BULLET}", re.MULTILINE)
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
    # Patterns of labels alone: there are few of them, and compiling one for every text is slow.
    dressed, at_line, bracketed = _patterns(label.strip("()"))
    if at_line.search(question):
        return True
    asked, words = _folded(question), _folded(text)
    return (
        any(_begins_at(asked, m.end(), words) for m in dressed.finditer(asked))
        # "Options: Gus (A), Fay (B)": the label may also stand behind its text.
        or any(_ends_at(asked, m.start(), words) for m in bracketed.finditer(asked))
        or _has_a_bullet(question, text)
    )


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    bracketed = rf"[(\[{{]\s*{name}\s*[)\]}}]"
    dressed = rf"(?<!\w)(?:{bracketed}|{name}[).:])"
    return (
        re.compile(dressed, re.IGNORECASE),
        re.compile(rf"^\s*{dressed}", re.IGNORECASE | re.MULTILINE),
        re.compile(bracketed, re.IGNORECASE),
    )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _begins_at(asked: str, place: int, words: str) -> bool:
    """Whether words follow a place in a folded text, a space between included."""
    return asked.startswith(words, place) or asked.startswith(f" {words}", place)


def _ends_at(asked: str, place: int, words: str) -> bool:
    """Whether words stand before a place in a folded text, whole and with a space or without."""
    end = place - asked.endswith(" ", 0, place)
    start = max(end - len(words), 0)
    before = asked[max(start - 1, 0) : start]
    return asked.endswith(words, 0, end) and not (before.isalnum() or before == "_")


def _has_a_bullet(question: str, text: str) -> bool:
    if not _BULLETED.search(question):
        return False
    words = r"\s+".join(map(re.escape, text.split()))
    line = rf"^\s*{_BULLET}\s*{words}\s*$"
    return bool(re.search(line, question, re.IGNORECASE | re.MULTILINE))


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
