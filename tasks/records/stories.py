"""Items that tell the same story: one cluster, though their wording differs further on."""

from __future__ import annotations

import re
from hashlib import sha256

_CAUSAL_HEADING = (
    "How would a typical person answer each of the following questions about causation?"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def causal_judgement_story(question: str) -> str:
    """The story of a BIG-Bench Hard causal_judgement question, named by its opening sentence.

    Variants of a story share their opening and change what follows: 187 items open with 63
    sentences.
    """
    story = question.strip().removeprefix(_CAUSAL_HEADING).strip()
    opening = _SENTENCE_END.split(story, maxsplit=1)[0]
    return f"causal_judgement/story-{sha256(opening.encode()).hexdigest()[:8]}"
