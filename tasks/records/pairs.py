"""Dual chains from what teachers wrote: a right and a wrong one for the same question.

A chain is right where its answer is, unless people have read it: then it is what they found
(`CoTRecord.meta["review"]`). One with a right answer that they found wrong is a wrong chain; one
with a wrong answer that they found right is neither, and left alone.

Right and wrong records of one question are paired in the order in which they stand. What is wrong
after that may get a rectified chain: one that was written when the right answer was told. A
rectified chain enters by its question alone, and only where that question is among the records, so
pairing within a train split brings nothing of dev or test into it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from tasks.records.of_chain import without_chain
from tasks.records.provenance import with_wrong_origin
from tasks.records.record import CoTRecord, WrongChain
from tasks.records.review import verdict_of, with_wrong_review


@dataclass(slots=True)
class PairCounts:
    """What became of records and rectified chains.

    Of the `right` and `wrong` records read, `paired` right ones got a wrong chain. Of the
    `rectified` chains read, `entered` became records, with the wrong first try as their dual; the
    last five say why the others did not. `unpaired` wrong records stay as they are.
    """

    right: int = 0
    wrong: int = 0
    paired: int = 0
    unpaired: int = 0
    rectified: int = 0
    entered: int = 0
    not_asked: int = 0
    no_wrong_try: int = 0
    still_wrong: int = 0
    repeated: int = 0
    unreadable: int = 0

    def to_json(self) -> dict[str, int]:
        """As plain JSON types."""
        return asdict(self)

    @property
    def told(self) -> list[str]:
        """In words, a line each for records and rectified chains."""
        lines = [
            f"{self.right} right and {self.wrong} wrong records: {self.paired} right ones got a "
            f"wrong chain of the same question, {self.unpaired} wrong ones are left alone"
        ]
        if self.rectified:
            lines.append(
                f"{self.rectified} rectified chains: {self.entered} entered beside the wrong first "
                f"try; left out: {self.not_asked} whose question is not among these records (of "
                f"other splits, or left out), {self.no_wrong_try} without a wrong first try, "
                f"{self.still_wrong} that are wrong, too, {self.repeated} of a question that has "
                f"one, {self.unreadable} without a cue, an answer or a rationale"
            )
        return lines


@dataclass(frozen=True, slots=True)
class Paired:
    """The records with their duals, in the order of those that were read, and the counts."""

    records: list[CoTRecord]
    counts: PairCounts


def pair_chains(
    records: Sequence[CoTRecord], rectified: Sequence[CoTRecord] = (), *, unreadable: int = 0
) -> Paired:
    """Pair right with wrong records, then wrong ones with rectified chains.

    Questions are the same where task and wording are, spaces aside. `unreadable` counts rectified
    completions of which no record could be made.
    """
    counts = PairCounts(rectified=len(rectified) + unreadable, unreadable=unreadable)
    usable = [record for record in records if _is_wrong(record) and _is_dual(record)]
    wrong = defaultdict(deque, {q: deque(tries) for q, tries in by_question(usable).items()})
    counts.right = sum(map(_is_right, records))
    counts.wrong = sum(map(_is_wrong, records))
    asked = {question_of(record) for record in records}
    tried = set(wrong)

    now: dict[str, CoTRecord] = {}
    used: set[str] = set()
    for record in records:
        if _is_right(record) and record.dual is None and wrong[question_of(record)]:
            first = wrong[question_of(record)].popleft()
            now[record.id] = _beside(record, first)
            used.add(first.id)
    counts.paired = len(now)
    for chain in rectified:
        if reason := _reason_to_leave_out(chain, asked, tried, wrong):
            setattr(counts, reason, getattr(counts, reason) + 1)
            continue
        first = wrong[question_of(chain)].popleft()
        second = replace(
            first,
            rationale=chain.rationale,
            teacher=chain.teacher,
            teacher_answer=chain.teacher_answer,
            teacher_correct=True,
            meta=without_chain(first.meta),
            rectified=True,
        )
        now[first.id] = _beside(second, first)
        counts.entered += 1
    counts.unpaired = counts.wrong - counts.paired - counts.entered
    return Paired([now.get(r.id, r) for r in records if r.id not in used], counts)


def _reason_to_leave_out(
    chain: CoTRecord,
    asked: set[tuple[str, str]],
    tried: set[tuple[str, str]],
    wrong: dict[tuple[str, str], deque[CoTRecord]],
) -> str:
    question = question_of(chain)
    if question not in asked:
        return "not_asked"
    if question not in tried:
        return "no_wrong_try"
    if not chain.teacher_correct:
        return "still_wrong"
    return "" if wrong[question] else "repeated"


def question_of(record: CoTRecord) -> tuple[str, str]:
    """What tells a question from all others: its task and its wording, spaces aside."""
    return record.task, " ".join(record.asked.split())


def by_question(records: Iterable[CoTRecord]) -> dict[tuple[str, str], list[CoTRecord]]:
    """The records of each question, in their order."""
    questions: dict[tuple[str, str], list[CoTRecord]] = defaultdict(list)
    for record in records:
        questions[question_of(record)].append(record)
    return questions


def _is_right(record: CoTRecord) -> bool:
    return record.teacher_correct and verdict_of(record.meta) != "wrong"


def _is_wrong(record: CoTRecord) -> bool:
    found = verdict_of(record.meta)
    return found == "wrong" if found else not record.teacher_correct


def _is_dual(record: CoTRecord) -> bool:
    """Whether a wrong record says an answer, a wrong one unless people found it wrong, and why."""
    said = record.teacher_answer.strip()
    is_wrong = said != record.answer.strip() or verdict_of(record.meta) == "wrong"
    return bool(record.rationale.strip()) and bool(said) and is_wrong


def _beside(right: CoTRecord, wrong: CoTRecord) -> CoTRecord:
    """The right record with the wrong one's chain beside its own, and what is told of that."""
    return replace(
        right,
        dual=WrongChain(wrong.rationale, wrong.teacher_answer),
        meta=with_wrong_review(with_wrong_origin(right.meta, wrong), wrong.meta),
    )
