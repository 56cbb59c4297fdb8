"""The cue: the words or marks between a rationale and its answer, as teachers and students write
it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.scoring.latex import boxes
from tasks.scoring.thoughts import part_thoughts

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
# One in backticks is spoken of, not used.
_ANSWER_TAG = re.compile(r"(?<!`)<answer>(.*?)(?:</answer>|\Z)", re.IGNORECASE | re.DOTALL)
_NEXT_QUESTION = re.compile(r"\n\s*(?:Q|Question|Task Description)\s*:")
# What may stand between the cue and the answer: "is: ", "is **", "is - ".
_LEAD = re.compile(r"[\s:*]*")
# Between a cue and a mark of the same announcement: "is:\n\n$$\n", or words on the line of the
# answer.
_UP_TO_MARK = re.compile(r"[\s:*$]*+(?:\\[\[(]\s*+)?[^\n]*")
_MARK_DRESS = " \n\t$*:"


@dataclass(frozen=True, slots=True)
class Split:
    """A completion cut where its answer begins.

    `answer` is what the cue announces, None when there is no cue and "" when nothing follows it.
    `rationale` is what was thought or, without thinking, what stands before that cue, the whole
    completion when there is none; `opening` is the same up to the first cue, and so gives no answer
    away but where a thought does. `uncued` is where a completion without a cue may still answer:
    what follows its thoughts, or all of it.

    `answer_start` is where the cue ends or, without one, the last thought; None where there is
    neither. `unfinished_thought`: the completion ends while it thinks, so that it holds no answer.
    """

    rationale: str
    answer: str | None
    cue: str | None
    cues_found: int
    opening: str
    uncued: str
    answer_start: int | None
    unfinished_thought: bool = False


@dataclass(frozen=True, slots=True)
class _Announcement:
    r"""A cue in words or a mark (`\boxed{...}`, `<answer>`): its answer stands from `end` to
    `closed`.
    """

    start: int
    end: int
    closed: int
    is_mark: bool


def split_at_cue(completion: str) -> Split:
    """Cut a completion at the last cue that an answer follows, outside its thinking blocks.

    Last, not first: people and models conclude in words before they answer in the form asked for
    ("the answer should be the patient. So the answer is (A)."), correct themselves, and a cascade
    appends its own cue to whatever the rationale says. (The 6,511 code-davinci-002 completions to
    BIG-Bench Hard decide nothing here: 6,275 hold one cue, none holds two.) A student that does not
    stop after its answer and goes on to invent the next question is read up to that question.
    """
    parted = part_thoughts(completion)
    whole = parted.thought or completion.strip()
    if parted.unfinished:
        return Split(whole, None, None, 0, whole, "", None, unfinished_thought=True)
    found = _announcements(parted.said)
    if not found:
        return Split(whole, None, None, 0, whole, parted.last_said, parted.ended or None)
    run_on = _NEXT_QUESTION.search(parted.said, found[0].end)
    text = parted.said[: run_on.start()] if run_on else parted.said
    found = [each for each in found if each.end <= len(text)]
    ends = [each.start for each in found[1:]] + [len(text)]
    answered = [
        each
        for each, end in zip(found, ends, strict=True)
        if text[each.end : min(each.closed, end)].strip(" \n\t:*.")
    ]
    chosen = (answered or found)[-1]
    return Split(
        rationale=parted.thought or _before(text, chosen),
        answer=_answer(text, chosen),
        cue=text[chosen.start : chosen.end],
        cues_found=len(found),
        opening=parted.thought or _before(text, found[0]),
        uncued="",
        answer_start=chosen.end,
    )


def first_cue_line(completion: str) -> str | None:
    """What follows the first cue in words up to the line's end, None without such a cue."""
    first = _CUE.search(completion)
    return completion[first.end() :].split("\n", 1)[0] if first else None


def _announcements(text: str) -> list[_Announcement]:
    """All cues in the order of the text; a mark in the line of a cue's answer belongs to that
    cue.
    """
    marks = _marks(text)
    unmarked = _blanked(text, [(mark.start, mark.closed) for mark in marks])
    words = [
        _Announcement(*cue.span(), len(text), is_mark=False) for cue in _CUE.finditer(unmarked)
    ]
    found: list[_Announcement] = []
    for each in sorted(words + marks, key=lambda each: each.start):
        if not (found and each.is_mark and _in_line_of(found[-1], each, text)):
            found.append(each)
    return found


def _in_line_of(cue: _Announcement, mark: _Announcement, text: str) -> bool:
    return not cue.is_mark and _UP_TO_MARK.fullmatch(text, cue.end, mark.start) is not None


def _marks(text: str) -> list[_Announcement]:
    tags = [
        _Announcement(tag.start(), *tag.span(1), is_mark=True) for tag in _ANSWER_TAG.finditer(text)
    ]
    untagged = _blanked(text, [(tag.start, tag.closed) for tag in tags])
    return tags + [
        _Announcement(start, opened, end - 1, is_mark=True)
        for start, opened, end in boxes(untagged)
    ]


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text, as long as it was, with NUL in place of these stretches, in which nothing is
    found.
    """
    pieces, place = [], 0
    for start, end in spans:
        pieces += [text[place:start], "\0" * (end - start)]
        place = end
    return "".join((*pieces, text[place:]))


def _before(text: str, cue: _Announcement) -> str:
    """What stands before a cue, without the mathematics that a mark's own dress opens."""
    before = text[: cue.start].strip()
    if not cue.is_mark:
        return before
    return before.rstrip(_MARK_DRESS).removesuffix("\\[").removesuffix("\\(").rstrip(_MARK_DRESS)


def _answer(text: str, cue: _Announcement) -> str:
    """All that follows a cue in words, or the mark alone that its line holds; what a mark holds.

    A mark may hold one more announcement ("<answer>The answer is 4.</answer>").
    """
    if cue.is_mark:
        text = _content(text, cue)
        inside = _announcements(text)
        if not inside:
            return text
        cue = inside[-1]
        if cue.is_mark:
            return _content(text, cue)
    answer = text[_lead_end(text, cue.end) :].strip()
    marks = [mark for mark in _marks(answer) if _UP_TO_MARK.fullmatch(answer, 0, mark.start)]
    return _content(answer, marks[0]) if len(marks) == 1 else answer


def _content(text: str, mark: _Announcement) -> str:
    return text[mark.end : mark.closed].strip()


def _lead_end(text: str, start: int) -> int:
    lead = _LEAD.match(text, start)
    return lead.end() if lead else start
