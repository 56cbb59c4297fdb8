"""A cell's sampled draws, and what its probes found, question by question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from reports.logs.run_files import PROBED, SAMPLED
from reports.logs.sample_files import newest_files
from reports.reasoning.conclusion import concluded
from reports.reasoning.measures import Draw
from tasks.errors import UserError
from tasks.files import numbered_lines
from tasks.problem import AnswerType


class Question(msgspec.Struct, frozen=True):
    """Which question a row is about; questions of several systems meet by all of it."""

    suite: str
    role: str
    task: str
    id: str
    cluster: str
    gold: str


class _Doc(msgspec.Struct):
    answer_type: AnswerType = "free_text"
    options: tuple[str, ...] = ()


class _Sample(msgspec.Struct):
    suite: str
    role: str
    task: str
    id: str
    cluster: str
    gold: str
    rationale: str
    parsed: str | None
    correct: bool
    path_taken: str = ""
    doc: _Doc = msgspec.field(default_factory=_Doc)


class Probed(msgspec.Struct):
    """One item's shares of probability for each candidate, by condition."""

    suite: str
    role: str
    task: str
    id: str
    cluster: str
    gold: str
    candidates: tuple[str, ...]
    probabilities: dict[str, list[float]]

    @property
    def question(self) -> Question:
        """The item probed."""
        return _question(self)


def read_draws(cell: Path) -> dict[Question, list[Draw]]:
    """All draws of every question of a cell, in their order; {} where nothing was sampled.

    UserError with file:line for a row that is no sample of ours, or a question that a draw lacks.
    """
    draws: dict[Question, list[Draw]] = {}
    folders = sorted(
        (cell / SAMPLED).glob("draw*"), key=lambda path: int(path.name.removeprefix("draw"))
    )
    for number, folder in enumerate(folders):
        for path in newest_files(folder)[0]:
            for sample in _rows(path, _Sample):
                draw = Draw(
                    rationale=sample.rationale,
                    parsed=sample.parsed,
                    correct=sample.correct,
                    path=sample.path_taken,
                    concluded=concluded(
                        sample.rationale, sample.doc.answer_type, sample.doc.options
                    ),
                )
                draws.setdefault(_question(sample), []).append(draw)
        if short := next((q for q, each in draws.items() if len(each) != number + 1), None):
            raise UserError(
                f"{folder}: question {short.id!r} of task {short.task} is not in all draws"
            )
    return draws


def read_probes(cell: Path) -> list[Probed]:
    """What a cell's probes found; [] where it was not probed."""
    path = cell / PROBED
    return list(_rows(path, Probed)) if path.exists() else []


def _rows(path: Path, kind: type[Any]) -> Iterator[Any]:
    decoder = msgspec.json.Decoder(kind)
    for number, line in numbered_lines(path):
        try:
            yield decoder.decode(line)
        except msgspec.DecodeError as error:
            raise UserError(f"{path}:{number}: {error}") from None


def _question(row: Any) -> Question:
    return Question(**{name: getattr(row, name) for name in Question.__struct_fields__})
