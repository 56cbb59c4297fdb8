"""Text from anywhere as it may be shown: what hides, or what a terminal obeys, is spelt out."""

from __future__ import annotations

import unicodedata

# Control characters, formats (bidirectional overrides among them), lone surrogates, separators of
# lines and paragraphs.
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Joiners belong to the spelling of several scripts and of emoji.
_JOINERS = "\u200c\u200d"


def visible(text: str) -> str:
    """A name, or anything else on one line: every hidden character as its escape, e.g. \\x1b."""
    return _spelt_out(text, _JOINERS)


def visible_lines(text: str) -> str:
    """A text of several lines: as `visible`, but line ends and tabs stay."""
    return _spelt_out(text.replace("\r\n", "\n"), "\n\t" + _JOINERS)


def _spelt_out(text: str, kept: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escape(character) if _is_hidden(character) and character not in kept else character
        for character in text
    )


def _is_hidden(character: str) -> bool:
    """Hidden by its category, or no character at all (U+FFFE and its like, forbidden in XML)."""
    return unicodedata.category(character) in _HIDDEN or ord(character) & 0xFFFE == 0xFFFE


def _escape(character: str) -> str:
    code = ord(character)
    return (
        f"\\x{code:02x}"
        if code < 0x100
        else f"\\u{code:04x}"
        if code < 0x10000
        else f"\\U{code:08x}"
    )
