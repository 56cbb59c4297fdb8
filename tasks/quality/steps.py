"""A rationale cut into its steps."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+")
_ONLY_A_NUMBER = re.compile(r"\(?(?:step )?\d{1,2}[.):]*", re.IGNORECASE)


def steps_of(rationale: str) -> list[str]:
    """The steps of a rationale: its lines where it has several, else its sentences.

    Blank lines are none. The number of a numbered sentence belongs to the sentence.
    """
    lines = [line.strip() for line in rationale.splitlines() if line.strip()]
    return lines if len(lines) > 1 else sentences_of(lines[0] if lines else "")


def sentences_of(line: str) -> list[str]:
    """The sentences of a line; a bare "1." opens the one that follows it."""
    sentences: list[str] = []
    numbered = ""
    for part in _SENTENCE_END.split(line.strip()):
        if _ONLY_A_NUMBER.fullmatch(part):
            numbered = f"{numbered}{part} "
        elif part:
            sentences.append(numbered + part)
            numbered = ""
    if numbered:
        sentences.append(numbered.strip())
    return sentences
