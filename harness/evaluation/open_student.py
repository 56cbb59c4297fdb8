"""A student ready to be asked: the facts of it, and the engine that answers for it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import torch

from harness.engines.engine import Engine
from harness.engines.local_engine import LocalEngine
from harness.evaluation.student_facts import StudentFacts, facts_of
from harness.quiet import quiet_libraries
from trainers.checkpoint import load_student, prefer_plain_attention
from trainers.protocol import Protocol
from trainers.settings import Precision
from trainers.students.sources import resolve_student


@dataclass(frozen=True, slots=True)
class OpenStudent(StudentFacts):
    """What is known of a student, and who answers for it."""

    engine: Engine


def open_student(
    pretrained: str,
    *,
    protocol: Protocol | None = None,
    precision: Precision = "float32",
    device: str | None = None,
) -> OpenStudent:
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
    facts = facts_of(
        location,
        asked_by,
        trained=protocol is None,
        tokenizer=tokenizer,
        config=model.config,
        generation_config=model.generation_config,
    )
    return _opened(facts, LocalEngine(model, precision))


def _opened(facts: StudentFacts, engine: Engine) -> OpenStudent:
    known = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return OpenStudent(**known, engine=engine)
