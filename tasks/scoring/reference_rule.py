"""The scoring rule of the CasCoD paper's code, faults included, for reproducing its figures.

Known faults, kept: the answer is cut at the first "." (decimals break); a prediction of one single
character is taken for a choice, so one-digit numbers never score; with one choice missing the
remaining texts decide; in formal_fallacies whatever lacks "invalid" counts as "valid".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MARKERS = ("Therefore, the answer is", "[Answer Prediction]:", "Answer:")
_CHOICE = re.compile(r"\(([a-z])\)")
_FULL_WIDTH = str.maketrans({"（": "(", "）": ")"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the rule sees it: a choice ("(b)"), and what remains of the text beside it."""

    choice: str | None
    rest: str | None


def read_prediction(completion: str) -> Reading:
    """The completion's answer: after the last marker, up to the first stop, in lower case."""
    text = _lower(_after_marker(completion).split(".", 1)[0])
    return Reading(f"({text})", None) if len(text) == 1 else _with_choice(text)


def read_gold(gold: str, options: Sequence[str]) -> Reading:
    """The gold answer; what remains beside its choice is its option line, where options are
    given.
    """
    reading = _with_choice(_lower(gold))
    if reading.choice is None or not options:
        return reading
    position = ord(reading.choice[1]) - ord("a")
    return Reading(reading.choice, _lower(options[position]) if position < len(options) else None)


def reference_correct(prediction: Reading, gold: Reading, task: str) -> bool:
    """Whether the rule calls a prediction right."""
    if task.removeprefix("cascod_").endswith("formal_fallacies"):
        return ("invalid" in (prediction.rest or "")) == ("invalid" in (gold.rest or ""))
    if prediction.choice and gold.choice:
        return prediction.choice == gold.choice
    return bool(prediction.rest) and prediction.rest == gold.rest


def _after_marker(completion: str) -> str:
    marker = next((marker for marker in MARKERS if marker in completion), None)
    return completion.rsplit(marker, 1)[1] if marker else completion


def _with_choice(text: str) -> Reading:
    found = _CHOICE.search(text)
    if found is None:
        return Reading(None, text or None)
    return Reading(found.group(), _CHOICE.sub("", text, count=1).strip() or None)


def _lower(text: str) -> str:
    return text.translate(_FULL_WIDTH).strip().lower()
