"""A student ready to be asked: the facts of it, and the engine that answers for it."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, fields, replace
from importlib.util import find_spec
from pathlib import Path

from harness.engines.engine import Engine
from harness.engines.server_settings import ServerSettings
from harness.evaluation.student_facts import StudentFacts, facts_of
from harness.quiet import quiet_libraries
from tasks.errors import UserError
from trainers.checkpoint import load_student, load_without_weights, prefer_plain_attention
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
    """Load a student from a directory, a hub id or a known source into this process.

    Without `protocol` the one beside the weights is read; one given by hand is how an untrained
    student is asked. `device` is cuda where there is one, unless it is given. UserError where there
    is no student, no protocol, a chat template that is not the protocol's or no token that ends a
    turn.
    """
    import torch

    from harness.engines.local_engine import LocalEngine

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


def open_served_student(
    pretrained: str,
    server: ServerSettings,
    *,
    protocol: Protocol | None = None,
    precision: Precision = "float32",
    log: Path | None = None,
) -> OpenStudent:
    """As `open_student`, but a server answers: its tokenizer and protocol are read here alone.

    Its engine must be closed. A server that is started writes to `log`, by default a temporary
    file. The context is the server's where that is shorter. UserError as for `open_student`, and
    where there is no server or it serves another student.
    """
    if find_spec("httpx") is None:
        raise UserError("engine: server needs httpx; install the extra server: '.[server]'")
    from harness.engines.open_server import open_server

    location = resolve_student(pretrained)
    asked_by = protocol or Protocol.load(Path(location))
    with quiet_libraries():
        config, generation_config, tokenizer = load_without_weights(location)
    facts = facts_of(
        location,
        asked_by,
        trained=protocol is None,
        tokenizer=tokenizer,
        config=config,
        generation_config=generation_config,
    )
    engine, served = open_server(
        server,
        location,
        tokenizer,
        precision,
        log=log or Path(tempfile.mkdtemp(prefix="cascod-server-")) / "server.log",
        tell=_tell,
    )
    context = min(facts.context, served.context or facts.context)
    return _opened(replace(facts, context=context), engine)


def _opened(facts: StudentFacts, engine: Engine) -> OpenStudent:
    known = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return OpenStudent(**known, engine=engine)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
