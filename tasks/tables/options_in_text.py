"""Options that a question lists in its own text, a labelled line each."""

from __future__ import annotations

import re

from tasks.scoring.option_list import option_label

_LABELLED = re.compile(r"\s*[(\[]?([A-Za-z]|\d{1,2})[)\].:]\s+(\S.*?)\s*")
FEWEST = 2


def listed_options(question: str) -> tuple[str, ...]:
    """The texts of the options that close a question, labelled from A (or 1) on; () for none."""
    options: list[str] = []
    labels: list[str] = []
    for line in reversed(question.rstrip().split("\n")):
        if not (found := _LABELLED.fullmatch(line)):
            break
        labels.insert(0, found[1].upper())
        options.insert(0, found[2])
    lettered = [option_label(place).strip("()") for place in range(len(labels))]
    numbered = [str(place + 1) for place in range(len(labels))]
    return tuple(options) if len(options) >= FEWEST and labels in (lettered, numbered) else ()
