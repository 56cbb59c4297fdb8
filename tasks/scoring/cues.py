"""The cue: the words between a rationale and its answer, as teachers and students write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONNECTIVE = r"(?:\b(?:so|therefore|thus|hence|then|finally|consequently|in conclusion)\b,?\s+)?"
_CUES = (
    r"\[Answer Prediction\]\s*:?",
    _CONNECTIVE
    + r"(?<!\bif )(?<!whether )\b(?:the|my)\s+(?:(?:final|correct|right|best)\s+)?answer\s+is\b",
    _CONNECTIVE + r"\bthe\s+(?:correct|right|best)\s+(?:option|choice)\s+is\b",
    r"\b(?:final\s+|correct\s+)?answer\s*(?=:)",
    r"(?m:^)####",
)
_CUE = re.compile(rf"(?:\*\*)?(?:{'|'.join(_CUES)})", re.IGNORECASE)
_NEXT_QUESTION = re.compile(r"\n\s*(?:Q|Question|Task Description)\s*:")
# What may stand between the cue and the answer: "is: ", "is **", "is - ".
_LEAD = re.compile(r"[\s:*]*")


@dataclass(frozen=True, slots=True)
class Split:
    """A completion cut at its cue.

    `answer` is all that follows the cue, None when there is no cue and "" when nothing follows it.
    `rationale` is what stands before that cue, the whole completion when there is none; `opening`
    is what stands before the first cue and so gives no answer away.
    """

    rationale: str
    answer: str | None
    cue: str | None
    cues_found: int
    opening: str


def split_at_cue(completion: str) -> Split:
    """Cut a completion at the last cue that an answer follows.

    Last, not first: people and models conclude in words before they answer in the form asked for
    ("the answer should be the patient. So the answer is (A)."), correct themselves, and a cascade
    appends its own cue to whatever the rationale says. (The 6,511 code-davinci-002 completions to
    BIG-Bench Hard decide nothing here: 6,275 hold one cue, none holds two.) A student that does not
    stop after its answer and goes on to invent the next question is read up to that question.
    """
    cues = list(_CUE.finditer(completion))
    if not cues:
        return Split(completion.strip(), None, None, 0, completion.strip())
    run_on = _NEXT_QUESTION.search(completion, cues[0].end())
    text = completion[: run_on.start()] if run_on else completion
    cues = [cue for cue in cues if cue.end() <= len(text)]
    ends = [cue.start() for cue in cues[1:]] + [len(text)]
    answered = [
        cue for cue, end in zip(cues, ends, strict=True) if text[cue.end() : end].strip(" \n\t:*.")
    ]
    chosen = (answered or cues)[-1]
    return Split(
        rationale=text[: chosen.start()].strip(),
        answer=text[_lead_end(text, chosen.end()) :].strip(),
        cue=chosen.group(),
        cues_found=len(cues),
        opening=text[: cues[0].start()].strip(),
    )


def first_cue_line(completion: str) -> str | None:
    """What follows the first cue up to the line's end, None without a cue."""
    first = _CUE.search(completion)
    return completion[first.end() :].split("\n", 1)[0] if first else None


def _lead_end(text: str, start: int) -> int:
    lead = _LEAD.match(text, start)
    return lead.end() if lead else start
