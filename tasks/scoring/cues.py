"""The cue: the words or marks between a rationale and its answer, as teachers and students write
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tasks.scoring.cue_table import CUES
from tasks.scoring.latex import boxes
from tasks.scoring.thoughts import part_thoughts

_PATTERNS = [(cue, re.compile(rf"(?:\*\*)?(?:{cue.pattern})", re.IGNORECASE)) for cue in CUES]
# The cues of the exact rule stay as they were when figures were published with it.
_CUE_TO_THE_LETTER = re.compile(
    r"\[Answer Prediction\]\s*:?"
    r"|(?<!\bif )(?<!whether )\b(?:the|my)\s+(?:(?:final|correct|right|best)\s+)?answer\s+is\b"
    r"|\bthe\s+(?:correct|right|best)\s+(?:option|choice)\s+is\b"
    r"|\banswer\s*(?=:)"
    r"|(?m:^)####",
    re.IGNORECASE,
)
_NEXT_QUESTION = re.compile(
    r"\n[ \t#*]*+(?:Q|Task Description|(?:Question|Problem|Exercise)(?:\s+\d+)?"
    r"|Human|User|Instruction)(?:\*\*)?\s*+:"
    r"|\n#+[ \t]*+(?:Question|Problem|Exercise|Instruction)[ \t]*+\n"
)
# What chat models write at the end of their turn, where a decoder does not take it for an end.
_END_OF_TURN = re.compile(
    r"<\|(?:im_end|eot_id|end_of_text|endoftext|end|eom_id)\|>|<end_of_turn>|</s>|<\uff5cend\u2581of\u2581sentence\uff5c>"
)
# What may stand between the cue and the answer: "is: ", "is **", the start of a code fence.
# An asterisk that opens the answer's own emphasis stays with it.
_LEAD = re.compile(r"(?:[\s:\uff1a]|\*\*|(?:\*|__?)(?=[\s:]))*+(?:```\w*+\n\s*+)?")
# Between a cue and a mark of the same announcement: "is:\n\n$$\n", or words on the line of the
# answer.
_UP_TO_MARK = re.compile(r"[\s:*$]*+(?:\\[\[(]\s*+)?[^\n]*")
_MARK_DRESS = " \n\t$*:{,|`"
_HEADING_DRESS = "#*_ \t✅"


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
    text = _first_turn(parted.said)
    found = _announcements(text)
    if not found:
        uncued = _first_turn(parted.last_said)
        return Split(whole, None, None, 0, whole, uncued, parted.ended or None)
    run_on = _NEXT_QUESTION.search(text, found[0].end)
    text = text[: run_on.start()] if run_on else text
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
    first = _CUE_TO_THE_LETTER.search(completion)
    return completion[first.end() :].split("\n", 1)[0] if first else None


def _announcements(text: str) -> list[_Announcement]:
    """All cues in the order of the text; a mark in the line of a cue's answer belongs to that
    cue.
    """
    marks = _marks(text)
    unmarked = _blanked(text, [(mark.start, mark.closed) for mark in marks])
    words = [
        _Announcement(*found.span(), len(text), is_mark=False)
        for found in _matches(unmarked, holds=False)
    ]
    found: list[_Announcement] = []
    for each in sorted(words + marks, key=lambda each: (each.start, -each.end)):
        # Two rows may know the same words; the one that begins first, and reaches farther, counts.
        same = bool(found) and not each.is_mark and each.start < found[-1].end
        if not same and not (found and each.is_mark and _in_line_of(found[-1], each, text)):
            found.append(each)
    return found


def _matches(text: str, *, holds: bool) -> Iterator[re.Match[str]]:
    """What the table's rows find, those that hold their answer or the others."""
    lowered = text.lower()
    for cue, pattern in _PATTERNS:
        if cue.holds == holds and any(stem in lowered for stem in cue.stems):
            yield from pattern.finditer(text)


def _first_turn(text: str) -> str:
    """The text up to the mark that ends its first turn that is not blank."""
    ends = _END_OF_TURN.finditer(text)
    return next((text[: end.start()] for end in ends if text[: end.start()].strip()), text)


def _in_line_of(cue: _Announcement, mark: _Announcement, text: str) -> bool:
    return not cue.is_mark and _UP_TO_MARK.fullmatch(text, cue.end, mark.start) is not None


def _marks(text: str) -> list[_Announcement]:
    tags = sorted(
        (
            _Announcement(found.start(), *found.span(1), is_mark=True)
            for found in _matches(text, holds=True)
        ),
        key=lambda tag: tag.start,
    )
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
        above, _, line = before.rpartition("\n")
        return before if line.strip(_HEADING_DRESS) else above.strip()
    before = before.rstrip(_MARK_DRESS)
    for opening in ("\\[", "\\(", "```json"):
        before = before.removesuffix(opening)
    return before.rstrip(_MARK_DRESS)


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
