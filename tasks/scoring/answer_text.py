"""Plain text of an answer: what differs only in dress (mark-up, width, quotes, case) made equal."""

from __future__ import annotations

import re
import unicodedata

from tasks.scoring.latex import without_latex

_MATH = re.compile(r"\$([^$]*)\$")
_PLAIN = str.maketrans(
    dict.fromkeys("−–—", "-")
    | dict.fromkeys("【〔", "(")
    | dict.fromkeys("】〕", ")")
    | dict.fromkeys("「」『』„«»", '"')
    | dict.fromkeys("。।۔", ". ")
    | {"、": ", ", "،": ", ", "؟": "? ", "٫": ".", "٬": ","}
)
# Scripts without blanks write a number or a letter and its next word as one: "18個", "選択肢B".
_UNSPACED = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_SCRIPT_EDGE = re.compile(rf"(?<={_UNSPACED})(?=[A-Za-z0-9(])|(?<=[A-Za-z0-9)])(?={_UNSPACED})")
_EMPHASIS = re.compile(r"(?<![\w*])([*_]{1,2})(?=[^\s*_])([^*_\n]++)(?<=[^\s*_])\1(?![\w*])")
# What is rejected is named in a word or two: "not a whole number, but it" rejects nothing.
_REJECTED_FIRST = re.compile(r"not\s+(?:\S+\s+){1,2}but\b(?:\s+(?:rather|instead))?", re.IGNORECASE)
_REJECTED_LAST = re.compile(
    r"(?<=\S),?\s+(?:and\s+)?(?:not|rather\s+than|instead\s+of|as\s+opposed\s+to)\b.*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
QUOTES = "\"'“”‘’`"
_BRACKETS = r"()\[\]{}<>"
_BRACKET_SEQUENCE = re.compile(rf"[{_BRACKETS}{QUOTES},\s]*[{_BRACKETS}][{_BRACKETS}{QUOTES},\s]*")


def plain(text: str) -> str:
    """Without emphasis and LaTeX wrappers, in plain width (NFKC), dashes as "-", blanks stripped.

    Stops, commas and quotes of other scripts are those of ours, and words of scripts without blanks
    stand apart from numbers and letters.
    """
    text = _EMPHASIS.sub(r"\2", text.replace("**", ""))
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
        text = _SCRIPT_EDGE.sub(" ", text)
    return without_latex(_MATH.sub(r"\1", text)).strip()


def first_line(text: str) -> str:
    """The first line that is not blank, "" where there is none."""
    return next((line.strip() for line in text.split("\n") if line.strip()), "")


def first_sentence(line: str) -> str:
    """A line up to the end of its first sentence (a stop followed by blank and no small letter)."""
    return _SENTENCE_END.split(line, maxsplit=1)[0]


def affirmed(text: str) -> str:
    """What a line says is so, beside what it says is not: "(B)" of "not (A) but (B)" and of "(B),
    not (A)".
    """
    rejected = _REJECTED_FIRST.match(text)
    return _REJECTED_LAST.sub("", text[rejected.end() :].strip() if rejected else text, count=1)


def unquoted(text: str) -> str:
    """Without outer quotes and final stops, in whichever order they stand."""
    return text.rstrip(f" .{QUOTES}").lstrip(f" {QUOTES}")


def free_text(text: str) -> str:
    """The normal form of free text: lower case, single blanks, no outer quotes, no final stop.

    Of a sequence of brackets (what closes a Dyck word) the brackets alone count: ") , >" is ") >".
    """
    text = unquoted(plain(text))
    if _BRACKET_SEQUENCE.fullmatch(text):
        return " ".join(re.findall(rf"[{_BRACKETS}]", text))
    return " ".join(text.lower().split())
