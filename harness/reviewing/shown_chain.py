"""A chain as a reviewer meets it: without gold answer, teacher or score, which would sway them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from tasks.quality.steps import steps_of
from tasks.records.record import CoTRecord
from tasks.visible import visible_lines


@dataclass(frozen=True, slots=True)
class ShownChain:
    """What is judged: a question, the steps that a teacher took, and the answer that it stated."""

    task: str
    description: str
    question: str
    steps: tuple[str, ...]
    answer: str

    @property
    def fingerprint(self) -> str:
        """A judgement holds for this text, cut into these steps, and for no other."""
        text = json.dumps([self.question, self.steps, self.answer])
        return sha256(text.encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """As the page shows it, hidden characters spelt out."""
        texts = {name: visible_lines(v) for name, v in asdict(self).items() if name != "steps"}
        return texts | {"steps": [visible_lines(step) for step in self.steps]}


def shown_chains(records: Iterable[CoTRecord]) -> dict[str, ShownChain]:
    """By id, all records that have a rationale."""
    return {
        record.id: ShownChain(
            task=record.task,
            description=record.description,
            question=record.asked,
            steps=tuple(steps_of(record.rationale)),
            answer=record.teacher_answer,
        )
        for record in records
        if record.rationale.strip()
    }
