"""LaTeX as answers hold it: boxes, text wrappers and fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACE = re.compile(r"(?<!\\)[{}]")
_BOX = re.compile(r"\\boxed\s*\{")
_WRAPPER = re.compile(r"\\(?:boxed|text|textbf|mathrm)\s*\{")
_PART = r"\s*(?:\{([^{}]*)\}|(\d))"
_FRACTION = re.compile(rf"(?P<whole>\d\s*)?\\[dt]?frac{_PART}{_PART}")
# One number or one letter binds as tightly as the stroke between the two parts.
_ATOM = re.compile(r"-?\d+(?:[.,]\d+)*|\w")
_DEEPEST = 4


def boxes(text: str) -> Iterator[tuple[int, int, int]]:
    r"""Start, content and end of each `\boxed{...}`, outermost; a box that does not close is none.

    The content begins behind the box's first brace and ends before its last, one before `end`.
    """
    closing, place = _closing_braces(text), 0
    for found in _BOX.finditer(text):
        last = closing.get(found.end() - 1)
        if last is not None and found.start() >= place:
            place = last + 1
            yield found.start(), found.end(), place


def without_latex(text: str) -> str:
    r"""Boxes and text wrappers taken off, `\frac{a}{b}` and its like as a/b, `{,}` as a comma.

    Of a fraction what is more than a number or a letter keeps its bounds: `\frac{x+1}{2}` is
    (x+1)/2.
    """
    text = _unwrapped(text.replace("{,}", ","))
    for _ in range(_DEEPEST):
        text = _FRACTION.sub(_as_ratio, text)
    return text


def _unwrapped(text: str) -> str:
    closing = _closing_braces(text)
    dropped: set[int] = set()
    for found in _WRAPPER.finditer(text):
        if (last := closing.get(found.end() - 1)) is not None:
            dropped.update(range(*found.span()))
            dropped.add(last)
    return "".join(sign for place, sign in enumerate(text) if place not in dropped)


def _as_ratio(found: re.Match[str]) -> str:
    over, under = ((found[n] or found[n + 1] or "").strip() for n in (2, 4))
    if not over or not under:
        return found.group()
    ratio = "/".join(part if _ATOM.fullmatch(part) else f"({part})" for part in (over, under))
    return f"{found['whole'].strip()} {ratio}" if found["whole"] else ratio


def _closing_braces(text: str) -> dict[int, int]:
    """The place of each opening brace that is closed, and of the brace that closes it."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace.group() == "{":
            opened.append(brace.start())
        elif opened:
            closing[opened.pop()] = brace.start()
    return closing
