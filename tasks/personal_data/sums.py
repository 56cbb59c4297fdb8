"""Whether a number is part of a sum: what is reckoned with is no card and no telephone."""

from __future__ import annotations

import re

# A minus may also join the groups of a number, and a slash two numbers: neither tells.
_BEFORE = re.compile(r"[\d)]\s*[+*×·÷^=]\s*$")
_AFTER = re.compile(r"\s*(?:=|[+*×·÷^]\s*[\d(])")
_NEAR = 12


def is_reckoned_with(text: str, start: int, end: int) -> bool:
    """Whether an operator and another number, or "=", stand beside characters `start` to `end`."""
    before = text[max(0, start - _NEAR) : start]
    return bool(_BEFORE.search(before) or _AFTER.match(text, end))
