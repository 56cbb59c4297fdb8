"""What is known of a student without its weights, and all that asking it takes beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harness.evaluation.fingerprint import student_fingerprint
from tasks.errors import UserError
from trainers.layouts.choose import layout_of, settled
from trainers.model_shape import ModelShape
from trainers.notice import read_notice
from trainers.protocol import Protocol


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """A student as whoever asks it knows it.

    `trained`: its own protocol lies beside the weights, so it has learned to end its turns.
    `eos_ids` end a turn, the first of them being what is learned. `context` is the most tokens that
    the student can see; its costs follow from its `shape`; `notice` must be said wherever its
    results stand.
    """

    tokenizer: Any
    protocol: Protocol
    trained: bool
    fingerprint: str
    eos_ids: tuple[int, ...]
    context: int
    shape: ModelShape
    notice: str


def facts_of(
    location: str,
    protocol: Protocol,
    *,
    trained: bool,
    tokenizer: Any,
    config: Any,
    generation_config: Any,
) -> StudentFacts:
    """The facts of a student that lies there; UserError where its chat template is not the
    protocol's or no token ends a turn.
    """
    asked_by = settled(protocol, tokenizer)
    end_of_turn = layout_of(asked_by, tokenizer).end_of_turn
    stated = getattr(config.get_text_config(), "max_position_embeddings", None)
    return StudentFacts(
        tokenizer=tokenizer,
        protocol=asked_by,
        trained=trained,
        fingerprint=student_fingerprint(location, config),
        eos_ids=_eos_ids(
            end_of_turn,
            tokenizer.eos_token_id,
            config.eos_token_id,
            generation_config.eos_token_id,
        ),
        context=int(stated or tokenizer.model_max_length),
        shape=ModelShape.from_config(config),
        notice=read_notice(location),
    )


def _eos_ids(end_of_turn: int | None, *given: int | list[int] | None) -> tuple[int, ...]:
    """Every token that ends a turn: the layout's first, then all others that are given."""
    ids: set[int] = set()
    for value in given:
        ids |= set(value) if isinstance(value, list) else {value} if value is not None else set()
    first = () if end_of_turn is None else (end_of_turn,)
    if not (first or ids):
        raise UserError("the student's tokenizer names no EOS token, so no text of its could end")
    return (*first, *sorted(ids.difference(first)))
