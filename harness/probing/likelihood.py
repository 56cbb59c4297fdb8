"""How much likelier a rationale makes the answer that it is said to arrive at."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.engines.prefix_tree import PrefixTree
from harness.evaluation.encoded_requests import encode_requests
from harness.evaluation.layout_choice import protocol_by_hand
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.student import Request
from harness.probing.turn import Turn, turn_of
from tasks.problem import question_prompt
from tasks.progress import Progress
from tasks.quality.chain import Finding, Opinion
from tasks.records.record import CoTRecord
from trainers.protocol import PROTOCOL_FILE
from trainers.students.sources import resolve_student

LIKELIHOOD = "likelihood"
# How a student is asked that carries no protocol.
UNTRAINED = "zero_shot_cot"
TOKENS_AT_ONCE = 1024
LEAST = 0.1


@dataclass(frozen=True, slots=True)
class _Text:
    """Token ids of a question up to the rationale, of the rationale, and of the answer."""

    question: tuple[int, ...]
    rationale: tuple[int, ...]
    answer: tuple[int, ...]

    def length(self, turn: Turn) -> int:
        """The tokens of the text with its rationale."""
        return len(self.question) + len(self.rationale) + len(turn.cue) + len(self.answer)


def open_scorer(source: str) -> OpenStudent:
    """A student from a source or checkpoint; one without a protocol thinks step by step."""
    has_own = (Path(resolve_student(source)) / PROTOCOL_FILE).exists()
    by_hand = None if has_own else protocol_by_hand(UNTRAINED, None, thinking=False)
    return open_student(source, protocol=by_hand)


def gains(
    student: OpenStudent, records: Sequence[CoTRecord], progress: Progress | None = None
) -> list[float | None]:
    """log P(answer | question, rationale) - log P(answer | question) of every record, in nats.

    The answer is the one that the rationale is said to arrive at. None where the text does not fit
    the student's context; `progress` counts those that do.
    """
    facts, turn = student.facts, turn_of(student.facts)
    texts = _texts(student, turn, records)
    found: list[float | None] = [None] * len(records)
    batches = list(_batches([text.length(turn) for text in texts], facts.context))
    done, total = 0, sum(map(len, batches))
    for batch in batches:
        tree, leaves = _tree([texts[place] for place in batch], turn)
        scores = student.engine.continuation_scores(tree, leaves)
        for place, with_rationale, without in zip(batch, scores[::2], scores[1::2], strict=True):
            found[place] = with_rationale - without
        done += len(batch)
        if progress:
            progress(done, total)
    return found


def opinion(gain: float | None) -> Opinion | None:
    """A chain that makes its answer no likelier is suspect, the more so the less likely it gets.

    What is left of its score nears `LEAST` as the answer's probability with the chain becomes a
    small share of that with and that without it; the share is a half at most.
    """
    if gain is None or gain > 0:
        return None
    share = math.exp(gain) / (1 + math.exp(gain))
    reason = f"the answer gets no likelier behind it ({gain:+.1f} nats)"
    return Opinion(LIKELIHOOD, LEAST + (1 - LEAST) * share, Finding(reason))


def _texts(student: OpenStudent, turn: Turn, records: Sequence[CoTRecord]) -> list[_Text]:
    asked = [Request(each.id, question_prompt(each.description, each.asked)) for each in records]
    encoded = encode_requests(asked, student.facts.protocol, student.facts.tokenizer)
    return [
        _Text(
            (*request.ids, *turn.opening),
            tuple(turn.layout.continued(f" {record.rationale.strip()}")),
            (*turn.layout.continued(f" {record.teacher_answer.strip()}"), *turn.answer_end),
        )
        for record, request in zip(records, encoded, strict=True)
    ]


def _batches(lengths: Sequence[int], context: int) -> Iterator[list[int]]:
    """Neighbours that are scored in one pass, without those that are longer than the context."""
    batch: list[int] = []
    tokens = 0
    for place, length in enumerate(lengths):
        if length > context:
            continue
        if batch and tokens + length > TOKENS_AT_ONCE:
            yield batch
            batch, tokens = [], 0
        batch.append(place)
        tokens += length
    if batch:
        yield batch


def _tree(texts: Sequence[_Text], turn: Turn) -> tuple[PrefixTree, list[int]]:
    """A tree a question, and of each text two leaves: its answer with the rationale, and without.

    A question is held once for all rationales behind it.
    """
    tree = PrefixTree()
    questions: dict[tuple[int, ...], int] = {}
    leaves = []
    for text in texts:
        question = questions.get(text.question)
        if question is None:
            question = questions[text.question] = tree.add(None, text.question)
        for node in (tree.add(question, text.rationale), question):
            leaves.append(tree.add(tree.add(node, turn.cue), text.answer))
    return tree, leaves
