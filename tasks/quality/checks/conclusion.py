"""Does the last step arrive at the answer that is stated?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from tasks.quality.chain import Chain, Finding
from tasks.quality.checks.grounding import numbers_in
from tasks.quality.expressions import evaluate
from tasks.quality.steps import sentences_of
from tasks.quality.wrong_step import WrongStep
from tasks.scoring.answers import read_answer
from tasks.scoring.cues import split_at_cue
from tasks.scoring.option_list import option_label, split_options

_DENIES = re.compile(r"\bnot\b|n['’]t\b|\bneither\b|\bcannot\b", re.IGNORECASE)
_LABEL = re.compile(r"\(([A-Z])\)")
_CONCLUDES = re.compile(
    r"\W*(?:therefore|thus|hence|so|in total|altogether|this (?:means|tells|gives|shows))\b",
    re.IGNORECASE,
)
_CENTS = re.compile(r"\bcents?\b|¢", re.IGNORECASE)


def check(chain: Chain) -> Finding | None:
    """The last step concludes with something else; None where it cannot be told what with."""
    if not chain.steps:
        return Finding("there is no reasoning")
    stated = read_answer(chain.answer, chain.answer_type, chain.options)
    reached = _reached(chain, chain.steps[-1])
    if stated is None or not reached or _is_among(stated, reached, chain):
        return None
    if _is_remark(chain, stated):
        return None
    reason = f"it arrives at {' or '.join(reached)}, the answer is {stated}"
    last = len(chain.steps) - 1
    return Finding(reason, WrongStep(last, "against its own conclusion", reason))


def _is_remark(chain: Chain, stated: str) -> bool:
    """Whether the last step only adds something to a conclusion drawn before.

    It opens with no word of conclusion, and tells no number that the question lacks, or follows a
    step that does conclude with the answer.
    """
    last = chain.steps[-1]
    if split_at_cue(last).answer or _CONCLUDES.match(sentences_of(last)[-1]):
        return False
    if chain.answer_type == "number" and numbers_in(last) <= numbers_in(chain.question):
        return len(chain.steps) > 1
    before = [each for step in chain.steps[:-1] for each in sentences_of(step)]
    concluding = next((each for each in reversed(before) if _CONCLUDES.match(each)), None)
    return concluding is not None and _is_among(stated, _reached(chain, concluding), chain)


def _is_among(stated: str, reached: Sequence[str], chain: Chain) -> bool:
    """Whether one of these is the stated answer, dollars where cents are asked for included."""
    if any(_agree(stated, each) for each in reached):
        return True
    if chain.answer_type != "number" or not _CENTS.search(chain.question + chain.text):
        return False
    own = evaluate(stated)
    others = [value for each in reached if (value := evaluate(each)) is not None]
    return own is not None and any(own in (100 * value, value / 100) for value in others)


def _agree(stated: str, reached: str) -> bool:
    """Whether they are the same, but for the sign of a number and its rounding."""
    if stated == reached:
        return True
    first, second = evaluate(stated.lstrip("-")), evaluate(reached.lstrip("-"))
    if first is None or second is None:
        return False
    decimals = len(stated.partition(".")[2])
    is_finer = len(reached.partition(".")[2]) > decimals
    return first == second or (is_finer and abs(first - second) < Fraction(1, 10**decimals))


def _reached(chain: Chain, last: str) -> list[str]:
    """Normal forms of what a last step may conclude with; none if it is not readable."""
    if announced := split_at_cue(last).answer:
        answer = read_answer(announced, chain.answer_type, chain.options)
        return [answer] if answer is not None else []
    match chain.answer_type:
        case "number":
            return [_as_read(number) for number in sorted(numbers_in(last))]
        case "choice":
            return _options_named(chain, last)
        case "yes_no":
            answer = read_answer(sentences_of(last)[-1], "yes_no")
            return [answer] if answer is not None else []
        case _:
            return []


def _as_read(number: Fraction) -> str:
    return str(number.numerator) if number.denominator == 1 else str(float(number))


def _options_named(chain: Chain, last: str) -> list[str]:
    """The options that the last step names, by label where it names any so, else by text.

    None where it denies something: it may rule these options out.
    """
    if _DENIES.search(last):
        return []
    if labels := _LABEL.findall(last):
        return [f"({label})" for label in labels]
    options: Sequence[str] = chain.options or [text for _, text in split_options(chain.question)[1]]
    return [
        option_label(place)
        for place, text in enumerate(options)
        if re.search(rf"(?<!\w){re.escape(text.strip(' .'))}(?!\w)", last, re.IGNORECASE)
    ]
