"""The answer that a rationale arrives at by itself, before any answer is stated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.problem import AnswerType
from tasks.scoring.answer_types import BINARY_ANSWERS

_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")
_NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?")
_LABEL = re.compile(r"\(([A-Z])\)")
_NEGATION = re.compile(r"\bnot\b|n't\b")
_POLARITY = {
    word: answer
    for pair in BINARY_ANSWERS
    for word, answer in zip(pair, ("yes", "no"), strict=True)
}
_POLAR = re.compile(rf"(\bnot\s+)?\b({'|'.join(sorted(_POLARITY, key=len, reverse=True))})\b")
# A last sentence of so few words is the answer itself.
FEW_WORDS = 3


def concluded(rationale: str, answer_type: AnswerType, options: Sequence[str] = ()) -> str | None:
    """What the last sentence of a rationale ends on, in the normal form of answers; None where on
    nothing.

    The last number, the last option by label or text (unless something is said not to be), the last
    word of decision, or a last sentence that is nothing but a few words. Lists of words are not
    read.
    """
    sentences = [part for part in _SENTENCES.split(rationale) if part.strip()]
    if not sentences:
        return None
    last = sentences[-1].strip().rstrip(".!")
    match answer_type:
        case "number":
            numbers = _NUMBER.findall(last)
            return numbers[-1].replace(",", "") if numbers else None
        case "choice":
            return _option(last, options)
        case "yes_no":
            words = _POLAR.findall(last.lower())
            return _side(*words[-1]) if words else None
        case "free_text":
            return last.lower() if len(last.split()) <= FEW_WORDS else None
        case "word_list":
            return None


def agrees(conclusion: str, parsed: str) -> bool:
    """Whether a stated answer is the conclusion, whichever pair of words a task answers with."""
    return conclusion in (parsed, _POLARITY.get(parsed))


def _option(sentence: str, options: Sequence[str]) -> str | None:
    """The last label of an option in a sentence, else the option whose text is named last."""
    if _NEGATION.search(sentence):
        return None
    if labels := _LABEL.findall(sentence):
        return f"({labels[-1]})"
    named = [
        (sentence.lower().rfind(text.lower()), len(text), place)
        for place, text in enumerate(options)
        if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", sentence, re.IGNORECASE)
    ]
    return f"({chr(ord('A') + max(named)[2])})" if named else None


def _side(negated: str, word: str) -> str:
    side = _POLARITY[word]
    return {"yes": "no", "no": "yes"}[side] if negated else side
