"""Digits, letters and signs that are written otherwise, as their plain forms: character for
character, so that places in a text stay what they are.
"""

from __future__ import annotations

_ARABIC, _PERSIAN = 0x0660, 0x06F0
_FULL_WIDTH, _LAST_FULL_WIDTH = 0xFF01, 0xFF5E
_PLAIN = {
    **{start + digit: str(digit) for start in (_ARABIC, _PERSIAN) for digit in range(10)},
    **{code: chr(code - 0xFEE0) for code in range(_FULL_WIDTH, _LAST_FULL_WIDTH + 1)},
    **dict.fromkeys((0x00A0, 0x2007, 0x202F, 0x3000), " "),  # spaces that do not break, or are wide
    **dict.fromkeys((0x2010, 0x2011), "-"),  # hyphens, those that do not break included
}


def plain(text: str) -> str:
    """The text in ASCII's digits, letters and signs where it has full-width ones, Arabic digits,
    or spaces and hyphens that do not break; of the same length.
    """
    return text if text.isascii() else text.translate(_PLAIN)
