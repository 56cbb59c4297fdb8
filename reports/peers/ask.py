"""The other packages' process: started once, asked line by line, ended."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reports.peers import calls
from reports.statistics.scale import Correct
from tasks.errors import UserError

INSTALL = "`make peers` installs the packages that are compared with into .venv-peers"


@dataclass(frozen=True, slots=True)
class Peers:
    """The packages that answer: their versions, and what they say of a run.

    `ask` takes candidate and baseline (seeds, items), clusters (items,) or None, and a gate's
    margin or None; `reports.peers.calls.answer` says what comes back.
    """

    versions: dict[str, str]
    ask: Callable[[Correct, Correct, list[int] | None, float | None], dict[str, Any]]


@contextmanager
def peers_in(python: Path) -> Iterator[Peers]:
    """The packages as this interpreter has them; UserError where it or one of them is missing."""
    if not python.is_file():
        raise UserError(f"{python}: no such interpreter; {INSTALL}")
    with _started(python) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        questions, answers = process.stdin, process.stdout

        def read() -> dict[str, Any]:
            try:
                found: dict[str, Any] = json.loads(answers.readline())
            except ValueError:
                raise UserError(f"{python}: ended without an answer; {INSTALL}") from None
            return found

        def ask(
            candidate: Correct, baseline: Correct, clusters: list[int] | None, margin: float | None
        ) -> dict[str, Any]:
            question = {
                "candidate": candidate.astype(int).tolist(),
                "baseline": baseline.astype(int).tolist(),
                "clusters": clusters,
                "margin": margin,
            }
            print(json.dumps(question), file=questions, flush=True)
            return read()

        versions = read()
        if missing := [name for name in calls.PEERS if name not in versions]:
            raise UserError(f"{python}: has no {', '.join(missing)}; {INSTALL}")
        yield Peers(versions, ask)


def _started(python: Path) -> subprocess.Popen[str]:
    # -I: neither this folder nor PYTHONPATH may stand before that environment's own packages.
    command: list[str | Path] = [python, "-I", calls.__file__]
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    except OSError as error:
        raise UserError(f"{python}: cannot be run ({error.strerror}); {INSTALL}") from None
