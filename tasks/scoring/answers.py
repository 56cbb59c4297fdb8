"""An answer's text read by its type: every way of writing an answer has one normal form.

`read_answer` reads what follows a cue and forgives what people add ("(B), because ...").
`read_bare_answer` reads a completion without a cue and takes it only when it is nothing but an
answer. Both give None when there is no single answer ("(A) or (B)", "none of the above").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Literal

from tasks.problem import AnswerType
from tasks.scoring.answer_text import (
    QUOTES,
    first_line,
    first_sentence,
    free_text,
    plain,
    unquoted,
)
from tasks.scoring.answer_types import BINARY_ANSWERS
from tasks.scoring.choices import read_bare_choice, read_choice
from tasks.scoring.numerals import (
    read_bare_fraction,
    read_bare_number,
    read_fraction,
    read_number,
)

Form = AnswerType | Literal["fraction"]
"""How an answer is read: by its type; a number is read as a fraction where the gold answer is
one.
"""

_POLARITY = {
    word: answer
    for pair in BINARY_ANSWERS
    for word, answer in zip(pair, ("yes", "no"), strict=True)
}
# Words of other languages count where they lead an answer: within one they may mean anything.
_YES_ABROAD = "はい 是 是的 对 對 正确 正確 oui ja sí si sim sì 예 네 да نعم हाँ हां"
_NO_ABROAD = "いいえ 否 不 不是 不对 不對 错误 錯誤 non nein não 아니요 아니오 нет لا नहीं"
_ABROAD = dict.fromkeys(_YES_ABROAD.split(), "yes") | dict.fromkeys(_NO_ABROAD.split(), "no")
_WORDS_ABROAD = "|".join(sorted(_ABROAD, key=len, reverse=True))
_LEADING_ABROAD = re.compile(
    rf"({_WORDS_ABROAD})[{QUOTES}]?(?:です|입니다)?(?=[\s,.;:!]|$)", re.IGNORECASE
)
_WORDS = "|".join(sorted(_POLARITY, key=len, reverse=True))
_BINARY_WORD = re.compile(
    rf"(?P<not>(?:\b(?:not|cannot|never)|n't)\s+(?:\w+\s+)?)?\b(?P<word>{_WORDS})\b", re.I
)
_LEADING_WORD = re.compile(rf"({_WORDS})\s*(?:[,;:.!]|-\s|$)", re.IGNORECASE)
_LIST_MARK = re.compile(r"(?:[-*•]|\d+[.)])\s+")
_LIST_SEPARATOR = re.compile(r"(?:->|[\s,;|<>→])+")
_BARE_WORDS = 30


def read_answer(text: str, form: Form, options: Sequence[str] = ()) -> str | None:
    """The normal form of the answer that follows a cue; its first line counts.

    choice "(B)" or "(27)"; yes_no "yes" or "no", whichever pair of words is used; number without
    separators, unit and trailing zeros; fraction in lowest terms, "3/4" or "2"; word_list and
    free_text in lower case, one blank between words, without outer quotes and final stop.
    """
    text = plain(text)
    line = first_line(text)
    match form:
        case "choice":
            return read_choice(line, options)
        case "yes_no":
            return _read_yes_no(first_sentence(line))
        case "number":
            return read_number(first_sentence(line))
        case "fraction":
            return read_fraction(first_sentence(line))
        case "word_list":
            return _read_word_list(text)
        case "free_text":
            return free_text(line) or None


def read_bare_answer(text: str, form: Form, options: Sequence[str] = ()) -> str | None:
    """The normal form of a completion that is an answer and nothing else, None for any other."""
    text = plain(text)
    match form:
        case "choice":
            return read_bare_choice(text, options)
        case "yes_no":
            return (_POLARITY | _ABROAD).get(unquoted(text).lower())
        case "number":
            return read_bare_number(unquoted(text))
        case "fraction":
            return read_bare_fraction(unquoted(text))
        case "word_list":
            return _read_word_list(text) if _is_short_phrase(text) else None
        case "free_text":
            return (free_text(text) or None) if _is_short_phrase(text) else None


def _is_short_phrase(text: str) -> bool:
    """One line, one sentence, no longer than a long list: an answer, not a rationale."""
    short = "\n" not in text and len(text.split()) <= _BARE_WORDS
    return short and first_sentence(text) == text


def _read_yes_no(sentence: str) -> str | None:
    """The word that leads ("No, because ..."), else the one side that all such words take."""
    opening = unquoted(sentence)
    if leading := _LEADING_WORD.match(opening):
        return _POLARITY[leading[1].lower()]
    if leading := _LEADING_ABROAD.match(opening):
        return _ABROAD[leading[1].lower()]
    sides = {_side(found) for found in _BINARY_WORD.finditer(sentence)}
    return sides.pop() if len(sides) == 1 else None


def _side(found: re.Match[str]) -> str:
    side = _POLARITY[found["word"].lower()]
    if not found["not"]:
        return side
    return "no" if side == "yes" else "yes"


def _read_word_list(text: str) -> str | None:
    """The words in their order, whatever separates them: blanks, commas, bullets, lines, "<"."""
    lines = [_LIST_MARK.sub("", line.strip(), count=1) for line in text.split("\n") if line.strip()]
    column = list(takewhile(lambda line: len(line.split()) == 1, lines))
    line = " ".join(column) if len(column) > 1 else first_sentence(lines[0] if lines else "")
    words = [_word(word) for word in _LIST_SEPARATOR.split(_LIST_MARK.sub("", line))]
    if "," in line and len(words) > 2 and words[-2] == "and":
        del words[-2]
    return " ".join(word for word in words if word) or None


def _word(text: str) -> str:
    return unquoted(text.strip("[](){}")).strip("[](){}").lower()
