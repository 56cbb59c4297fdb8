"""The answer type of a task, told from its gold answers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.problem import AnswerType
from tasks.scoring.answer_text import plain
from tasks.scoring.numerals import is_fraction, is_numeral
from tasks.scoring.option_list import is_option_label

BINARY_ANSWERS = (
    ("yes", "no"),
    ("true", "false"),
    ("valid", "invalid"),
    ("plausible", "implausible"),
    ("correct", "incorrect"),
)

CHOICE_SHARE = 0.9

_SEVERAL_WORDS = re.compile(r"[A-Za-z][\w&'-]*(?: [A-Za-z][\w&'-]*)+")


def infer_answer_type(golds: Iterable[str]) -> AnswerType:
    """The answer type of a task, told from its gold answers.

    choice: at least nine in ten are "(A)" or "(27)" (benchmarks hold a few broken golds, which are
    scored as free text); yes_no: all are words of one pair, such as True and False; number: all are
    numbers in digits or fractions; word_list: all are several plain words; else free_text.
    """
    answers = [gold.strip() for gold in golds]
    if not answers:
        return "free_text"
    if sum(map(is_option_label, answers)) >= CHOICE_SHARE * len(answers):
        return "choice"
    if binary_pair(answers):
        return "yes_no"
    if all(is_numeral(answer) or is_fraction(plain(answer)) for answer in answers):
        return "number"
    return "word_list" if all(map(_SEVERAL_WORDS.fullmatch, answers)) else "free_text"


def binary_pair(golds: Iterable[str]) -> tuple[str, str] | None:
    """The pair of opposite words, yes first, that holds all these answers; None where none does."""
    answers = {gold.strip().lower() for gold in golds}
    return next((pair for pair in BINARY_ANSWERS if answers <= set(pair)), None)
