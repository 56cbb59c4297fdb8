"""A student's weights in this process, with all that asking them takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from harness.evaluation.fingerprint import student_fingerprint
from harness.quiet import quiet_libraries
from tasks.errors import UserError
from trainers.checkpoint import load_student, prefer_plain_attention
from trainers.layouts.choose import layout_of, settled
from trainers.model_shape import ModelShape
from trainers.notice import read_notice
from trainers.protocol import Protocol
from trainers.settings import Precision
from trainers.students.sources import resolve_student


@dataclass(frozen=True, slots=True)
class LoadedStudent:
    """Model and tokenizer, and the facts that follow from them.

    `trained`: its own protocol lies beside the weights, so it has learned to end its turns.
    `eos_ids` end a turn, the first of them being what is learned. `context` is the most tokens that
    the student can see; `notice` must be said wherever its results stand.
    """

    model: Any
    tokenizer: Any
    protocol: Protocol
    trained: bool
    precision: Precision
    fingerprint: str
    eos_ids: tuple[int, ...]
    context: int
    notice: str

    @property
    def shape(self) -> ModelShape:
        """The sizes that its costs follow from."""
        return ModelShape.from_config(self.model.config)

    @property
    def device(self) -> str:
        """The kind of device that the weights lie on: cpu, cuda, ..."""
        return str(self.model.device.type)


def open_student(
    pretrained: str,
    *,
    protocol: Protocol | None = None,
    precision: Precision = "float32",
    device: str | None = None,
) -> LoadedStudent:
    """Load a student from a directory, a hub id or a known source.

    Without `protocol` the one beside the weights is read; one given by hand is how an untrained
    student is asked. `device` is cuda where there is one, unless it is given. UserError where there
    is no student, no protocol, a chat template that is not the protocol's or no token that ends a
    turn.
    """
    location = resolve_student(pretrained)
    asked_by = protocol or Protocol.load(Path(location))
    with quiet_libraries():
        model, tokenizer = load_student(location, precision=precision)
        model.to(device or ("cuda" if torch.cuda.is_available() else "cpu")).eval()
        prefer_plain_attention(model, precision)
    asked_by = settled(asked_by, tokenizer)
    layout = layout_of(asked_by, tokenizer)
    stated = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return LoadedStudent(
        model=model,
        tokenizer=tokenizer,
        protocol=asked_by,
        trained=protocol is None,
        precision=precision,
        fingerprint=student_fingerprint(location, model.config),
        eos_ids=_eos_ids(model, tokenizer, layout.end_of_turn),
        context=int(stated or tokenizer.model_max_length),
        notice=read_notice(location),
    )


def _eos_ids(model: Any, tokenizer: Any, end_of_turn: int | None) -> tuple[int, ...]:
    """Every token that ends a turn: the layout's first, then the tokenizer's, the configuration's,
    the model's own.
    """
    given = (
        tokenizer.eos_token_id,
        model.config.eos_token_id,
        model.generation_config.eos_token_id,
    )
    ids: set[int] = set()
    for value in given:
        ids |= set(value) if isinstance(value, list) else {value} - {None}
    first = () if end_of_turn is None else (end_of_turn,)
    if not (first or ids):
        raise UserError("the student's tokenizer names no EOS token, so no text of its could end")
    return (*first, *sorted(ids.difference(first)))
