"""What a distillation method is: the rows a student trains on and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from tasks.problem import as_message, question_prompt
from tasks.records.record import CoTRecord
from trainers.protocol import CUE, LayoutName, Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a row begins with, and what a student is asked: q between a method's prefix and suffix.

    `text` is all of it as one text, `message` as a user's message. No loss is taken on it.
    """

    question: str
    prefix: str = ""
    suffix: str = ""
    group: ClassVar[None] = None
    eos: ClassVar[bool] = False

    @property
    def text(self) -> str:
        """As a text that is to be completed."""
        return self.prefix + self.question + self.suffix

    @property
    def message(self) -> str:
        """As what a user says."""
        return self.prefix + as_message(self.question) + self.suffix


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a training row, encoded on its own.

    `group` names the loss group its tokens belong to; None means context without loss. With
    `eos` the segment's end is a target too: EOS, or what else ends a turn in the student's layout,
    must follow its last token. `is_rationale`: a thinking student writes it between its think tags.
    """

    text: str
    group: str | None = None
    eos: bool = False
    is_rationale: bool = False


Row = tuple[Prompt, *tuple[Segment, ...]]


@dataclass(frozen=True, slots=True)
class Method:
    """One way of distilling.

    `rows` turns a record into training rows; None means the student is asked as it is, untrained.
    `weights` gives each loss group's weight for an answer weight alpha. `ingredients`: what was
    added to the cascade; None for a method that is not so composed. `prefix` and `suffix` stand
    around q where its student is asked.
    """

    name: str
    summary: str
    suffix: str
    cascade: bool
    rows: Callable[[CoTRecord], Sequence[Row]] | None
    weights: Callable[[float], dict[str, float]]
    ingredients: frozenset[str] | None = None
    prefix: str = ""

    def protocol(
        self,
        answer_weight: float | None,
        data_fingerprint: str,
        *,
        layout: LayoutName = "plain",
        thinking: bool = False,
    ) -> Protocol:
        """How a student trained by this method is asked."""
        return Protocol(
            method=self.name,
            prefix=self.prefix,
            suffix=self.suffix,
            cascade=self.cascade,
            answer_weight=answer_weight,
            data_fingerprint=data_fingerprint,
            layout=layout,
            thinking=thinking,
        )


def prompt(record: CoTRecord, suffix: str, *, prefix: str = "") -> Prompt:
    """The context prefix + q + suffix of a row."""
    return Prompt(question_prompt(record.description, record.asked), prefix, suffix)


def rationale(record: CoTRecord, group: str, *, eos: bool = False) -> Segment:
    """The rationale, beginning with exactly one space."""
    return Segment(f" {record.rationale.strip()}", group, eos, is_rationale=True)


def cue(group: str | None) -> Segment:
    """The text between rationale and answer."""
    return Segment(CUE, group)


def answer(record: CoTRecord, group: str) -> Segment:
    """The answer that the rationale leads to, and EOS, beginning with exactly one space.

    A wrong teacher's own answer, not the gold one: the student learns what the rationale says.
    """
    text = record.answer if record.teacher_correct else record.teacher_answer
    return Segment(f" {text.strip()}", group, eos=True)


def one_group(_alpha: float) -> dict[str, float]:
    """All targets in one group: plain SFT."""
    return {"target": 1.0}


def rationale_and_answer(alpha: float) -> dict[str, float]:
    """L = (1 - alpha) L_rationale + alpha L_answer."""
    return {"rationale": 1.0 - alpha, "answer": alpha}
