"""A student ready to be asked: the facts of it, and the engine that answers for it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

from harness.engines.engine import Engine
from harness.engines.server_settings import ServerSettings
from harness.evaluation.student_facts import StudentFacts, facts_of
from harness.quiet import quiet_libraries
from tasks.errors import UserError
from trainers.checkpoint import (
    first_line,
    load_student,
    load_without_weights,
    prefer_plain_attention,
)
from trainers.protocol import Protocol
from trainers.settings import Precision
from trainers.students.sources import resolve_student


@dataclass(frozen=True, slots=True)
class OpenStudent:
    """What is known of a student, and who answers for it; close it when it has been asked."""

    facts: StudentFacts
    engine: Engine

    def close(self) -> None:
        """Give back what its engine holds."""
        self.engine.close()


def open_student(
    pretrained: str,
    *,
    protocol: Protocol | None = None,
    precision: Precision = "float32",
    device: str | None = None,
    server: ServerSettings | None = None,
    log: Path | None = None,
) -> OpenStudent:
    """A student from a directory, a hub id or a known source, loaded here or held by a server.

    Without `protocol` the one beside the weights is read; one given by hand is how an untrained
    student is asked. Loaded here, `device` is cuda where there is one, unless it is given. A server
    that is started writes to `log`, or to a temporary file; here are read the tokenizer and the
    protocol alone, and the context is the server's where that is shorter. UserError where
    there is no student, no protocol, a chat template that is not the protocol's or no token that
    ends a turn; where there is no such device, no server, or one of another student.
    """
    if server is None:
        device = _usable(device)
    location = resolve_student(pretrained)
    asked_by = protocol or Protocol.load(Path(location))
    trained = protocol is None
    if server is None:
        return _loaded(location, asked_by, trained, precision, device)
    return _served(location, asked_by, trained, precision, server, log)


def _usable(device: str | None) -> str:
    """A device that is there; by default cuda, where there is one."""
    import torch

    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError, ValueError) as error:
        raise UserError(
            f"device {device}: cannot be used ({first_line(error)}); cpu always can"
        ) from None
    return device


def _loaded(
    location: str, protocol: Protocol, trained: bool, precision: Precision, device: str | None
) -> OpenStudent:
    from harness.engines.local_engine import LocalEngine

    with quiet_libraries():
        model, tokenizer = load_student(location, precision=precision)
        model.to(device).eval()
        prefer_plain_attention(model, precision)
    facts = facts_of(
        location,
        protocol,
        trained=trained,
        tokenizer=tokenizer,
        config=model.config,
        generation_config=model.generation_config,
    )
    return OpenStudent(facts, LocalEngine(model, precision))


def _served(
    location: str,
    protocol: Protocol,
    trained: bool,
    precision: Precision,
    server: ServerSettings,
    log: Path | None,
) -> OpenStudent:
    from harness.engines.open_server import open_server

    with quiet_libraries():
        config, generation_config, tokenizer = load_without_weights(location)
    facts = facts_of(
        location,
        protocol,
        trained=trained,
        tokenizer=tokenizer,
        config=config,
        generation_config=generation_config,
    )
    engine = open_server(server, location, tokenizer, precision, log=log, tell=_tell)
    context = min(facts.context, engine.served.context or facts.context)
    return OpenStudent(replace(facts, context=context), engine)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
