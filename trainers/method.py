"""What a distillation method is: the rows a student trains on and how it is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from tasks.errors import UserError
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

# What a group's summed losses are divided by: its targets in the step, or first each row's by all
# targets of the row and then all of them by the step's rows.
Normaliser = Literal["group", "row"]
# What a target costs: -log p, or -log p times p itself, held constant.
TokenLoss = Literal["nll", "dft"]
# What is minimised: the losses of the rows' targets; that a record's first row is not preferred to
# its second; the divergence from a teacher of what the student itself writes behind the prompts.
Objective = Literal["sft", "dpo", "on_policy"]


def first_tries(records: Sequence[CoTRecord]) -> list[CoTRecord]:
    """The records whose chains were written without being told the answer."""
    return [record for record in records if not record.rectified]


@dataclass(frozen=True, slots=True)
class Method:
    """One way of distilling.

    `rows` turns a record into training rows; None means the student is asked as it is, untrained.
    `weights` gives each loss group's weight, which may be negative, for an answer weight alpha.
    `ingredients`: what was added to the cascade; None for a method that is not so composed.
    `prefix` and `suffix` stand around q where its student is asked.

    `records` chooses among a run's records those to train on, and may repeat them; with
    `needs_dual` one of them at least has to have a wrong chain. `shared` is the loss group of those
    targets that a record's two rows have in common; None where rows are not compared. `starts_from`
    names the method whose student, of the same seed, is trained on; None: from the base.
    `learning_rate` goes before the experiment's. With `rounds` above 0 its student writes the
    chains: in as many rounds, beginning with that of `starts_from`, what it answers right becomes
    the records on which the base is trained.
    """

    name: str
    summary: str
    suffix: str
    cascade: bool
    rows: Callable[[CoTRecord], Sequence[Row]] | None
    weights: Callable[[float], dict[str, float]]
    ingredients: frozenset[str] | None = None
    prefix: str = ""
    records: Callable[[Sequence[CoTRecord]], list[CoTRecord]] = first_tries
    needs_dual: bool = False
    shared: str | None = None
    normaliser: Normaliser = "group"
    token_loss: TokenLoss = "nll"
    starts_from: str | None = None
    learning_rate: float | None = None
    objective: Objective = "sft"
    rounds: int = 0

    def chosen(self, records: Sequence[CoTRecord]) -> list[CoTRecord]:
        """The records of a run that it trains on; UserError where it needs what they lack."""
        if self.needs_dual and not any(record.dual for record in records):
            raise UserError(
                f"{self.name} learns from wrong chains beside right ones, and none of "
                f"{len(records)} training records has one (dual); make them with `cascod data "
                "pair`, or give data.dual"
            )
        if not (chosen := self.records(records)):
            raise UserError(
                f"{self.name} trains on first tries, and all {len(records)} training records are "
                "rectified"
            )
        return chosen

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


def rationale(record: CoTRecord, group: str | None, *, eos: bool = False) -> Segment:
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


def with_dual(records: Sequence[CoTRecord]) -> list[CoTRecord]:
    """The records that have a wrong chain beside the right one."""
    return [record for record in records if record.dual]


def one_group(_alpha: float) -> dict[str, float]:
    """All targets in one group: plain SFT."""
    return {"target": 1.0}


def rationale_and_answer(alpha: float) -> dict[str, float]:
    """L = (1 - alpha) L_rationale + alpha L_answer."""
    return {"rationale": 1.0 - alpha, "answer": alpha}
