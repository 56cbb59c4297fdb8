"""A rationale as the path that it takes, whatever its wording."""

from __future__ import annotations

import re
from itertools import groupby

# Numbers, arithmetic signs, options, and words of decision: what steps consist of.
_STEP = re.compile(
    r"-?\d+(?:\.\d+)?|[+*/×÷=<>]|(?<=\s)-(?=\s)|\([a-z]\)"
    r"|\b(?:yes|no|not|true|false|and|or|valid|invalid|before|after|left|right)\b"
)
_NAME = re.compile(r"\b[A-Z][a-z]+\b")
# Capitalised because a sentence begins with them, or said of the reasoning itself.
_NO_NAMES = frozenset(
    [
        "A",
        "After",
        "Also",
        "An",
        "And",
        "Answer",
        "As",
        "At",
        "Because",
        "Before",
        "But",
        "By",
        "Finally",
        "First",
        "For",
        "From",
        "He",
        "Hence",
        "Her",
        "His",
        "How",
        "However",
        "I",
        "If",
        "In",
        "Is",
        "It",
        "Its",
        "Let",
        "Next",
        "No",
        "Not",
        "Now",
        "On",
        "Or",
        "Rationale",
        "Second",
        "She",
        "Since",
        "So",
        "Step",
        "Steps",
        "That",
        "The",
        "Their",
        "Then",
        "There",
        "Therefore",
        "These",
        "They",
        "Third",
        "This",
        "Thus",
        "To",
        "We",
        "What",
        "When",
        "Which",
        "Who",
        "With",
        "Yes",
        "You",
    ]
)


def normalised_path(rationale: str) -> str:
    """The sequence of numbers, signs, options, names and words of decision, repeats told once.

    Two rationales that differ in wording alone share it; it cannot tell paths that differ in words
    alone. For generated questions the true path is known: tasks/procedural/checker.py.
    """
    names = [m for m in _NAME.finditer(rationale) if m[0] not in _NO_NAMES]
    found = sorted((m.start(), m[0]) for m in (*names, *_STEP.finditer(rationale.lower())))
    return " ".join(step for step, _ in groupby(text for _, text in found))
