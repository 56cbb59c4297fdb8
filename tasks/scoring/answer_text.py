"""Plain text of an answer: what differs only in dress (mark-up, width, quotes, case) made equal."""

from __future__ import annotations

import re
import unicodedata

from tasks.scoring.latex import without_latex

_MATH = re.compile(r"\$([^$]*)\$")
_PLAIN = str.maketrans({"−": "-", "–": "-", "—": "-", "【": "(", "】": ")", "〔": "(", "〕": ")"})
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
_QUOTES = "\"'“”‘’`"
_BRACKETS = r"()\[\]{}<>"
_BRACKET_SEQUENCE = re.compile(
    rf"[{_BRACKETS}{_QUOTES},\s]*[{_BRACKETS}][{_BRACKETS}{_QUOTES},\s]*"
)


def plain(text: str) -> str:
    """Without bold and LaTeX wrappers, in plain width (NFKC), dashes as "-", blanks stripped."""
    text = unicodedata.normalize("NFKC", text.replace("**", "")).translate(_PLAIN)
    return without_latex(_MATH.sub(r"\1", text)).strip()


def first_line(text: str) -> str:
    """The first line that is not blank, "" where there is none."""
    return next((line.strip() for line in text.split("\n") if line.strip()), "")


def first_sentence(line: str) -> str:
    """A line up to the end of its first sentence (a stop followed by blank and no small letter)."""
    return _SENTENCE_END.split(line, maxsplit=1)[0]


def unquoted(text: str) -> str:
    """Without outer quotes and final stops, in whichever order they stand."""
    return text.rstrip(f" .{_QUOTES}").lstrip(f" {_QUOTES}")


def free_text(text: str) -> str:
    """The normal form of free text: lower case, single blanks, no outer quotes, no final stop.

    Of a sequence of brackets (what closes a Dyck word) the brackets alone count: ") , >" is ") >".
    """
    text = unquoted(plain(text))
    if _BRACKET_SEQUENCE.fullmatch(text):
        return " ".join(re.findall(rf"[{_BRACKETS}]", text))
    return " ".join(text.lower().split())
