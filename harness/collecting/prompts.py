"""Prompts: files with places for a question and what is told beside it, and worked examples."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from harness.collecting.teacher import Message
from tasks.errors import UserError
from tasks.records.record import CoTRecord
from tasks.records.wording import words

# A first try; a second one that is told the right answer; a wrong chain beside a right one; a
# verdict on a chain, which is told with the answer that it states.
Purpose = Literal["first", "hinted", "contrasted", "judged"]

PLACES = ("question", "description", "answer", "rationale")
NEEDED: dict[Purpose, tuple[str, ...]] = {
    "first": ("question",),
    "hinted": ("question", "answer"),
    "contrasted": ("question",),
    "judged": ("question", "rationale"),
}
MAY_TELL: dict[Purpose, tuple[str, ...]] = {
    "first": (),
    "hinted": ("answer",),
    "contrasted": ("answer", "rationale"),
    "judged": ("answer", "rationale"),
}
CUE = "So the answer is"
_PLACE = re.compile(rf"\{{({'|'.join(PLACES)})\}}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A user's message with places, a system message ("" for none), and worked examples.

    Each example is a message and its reply before the question; one that asks the question itself
    is left out.
    """

    purpose: Purpose
    text: str
    system: str = ""
    examples: tuple[CoTRecord, ...] = ()

    def messages(self, question: CoTRecord, rationale: str = "") -> list[Message]:
        """The whole prompt for one question; `rationale` is the right one that is to be spoilt."""
        said = [_message("system", self.system)] if self.system else []
        own = words(question.question)
        for example in self.examples:
            reply = self._reply(example)
            if reply and words(example.question) != own:
                said.append(_message("user", self._filled(example, example.rationale)))
                said.append(_message("assistant", reply))
        return [*said, _message("user", self._filled(question, rationale))]

    @property
    def sha256(self) -> str:
        """Of all that the prompt is made of but the question."""
        parts = (self.purpose, self.text, self.system, [each.to_row() for each in self.examples])
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def _reply(self, example: CoTRecord) -> str:
        """What the teacher is shown to have written; "" where an example has no wrong chain."""
        if self.purpose != "contrasted":
            return f"{example.rationale}\n{CUE} {example.answer}."
        wrong = example.dual
        return f"{wrong.rationale}\n{CUE} {wrong.answer}." if wrong else ""

    def _filled(self, record: CoTRecord, rationale: str) -> str:
        values = {
            "question": record.asked,
            "description": record.description,
            "answer": record.answer,
            "rationale": rationale,
        }
        # In one pass: a question may spell a place, too.
        return _PLACE.sub(lambda place: values[place[1]], self.text).strip()


def read_prompt(
    purpose: Purpose, path: Path | None, *, system: str = "", examples: Sequence[CoTRecord] = ()
) -> Prompt:
    """The prompt in a file, or the package's own.

    UserError where it lacks a place that it needs, or a first try would be told the answer.
    """
    text = _text(path) if path else default_text(purpose)
    places = set(_PLACE.findall(text))
    for name in NEEDED[purpose]:
        if name not in places:
            raise UserError(f"{path}: no {{{name}}} in this prompt; put it where the {name} goes")
    for name in ("answer", "rationale"):
        if name in places and name not in MAY_TELL[purpose]:
            raise UserError(f"{path}: {{{name}}} would tell the teacher; take it out")
    return Prompt(purpose, text, system, tuple(examples))


def default_text(purpose: Purpose) -> str:
    """The package's own prompt."""
    return (files(__package__) / "prompts" / f"{purpose}.txt").read_text(encoding="utf-8")


def read_system(path: Path | None) -> str:
    """A system message from a file, "" for none."""
    return _text(path).strip() if path else ""


def check_examples(path: Path, examples: Sequence[CoTRecord]) -> None:
    """UserError where an example shows no right chain."""
    for record in examples:
        if not (record.rationale.strip() and record.teacher_correct):
            raise UserError(f"{path}: {record.id}: an example needs a rationale that is right")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: not UTF-8 text") from None


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
