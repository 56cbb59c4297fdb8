"""`cascod review` as a process of its own, and what a browser would ask it for."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tasks.records.record import CoTRecord, write_records

ROOT = Path(__file__).parents[1]


def write_chains(path: Path, count: int = 8) -> list[CoTRecord]:
    """Records with chains of three steps and a gold answer that only its own place may tell."""
    records = [
        CoTRecord(
            id=f"sums/{n}",
            task="sums",
            description="Add.",
            question=f"Mia has {n} pens and buys 4, then 5. How many has she?",
            answer=f"GOLD{n}",
            rationale=f"She has {n}.\n{n} + 4 = {n + 4}.\n{n + 4} + 5 = {n + 9}.",
            teacher="SOMEONE",
            teacher_answer=str(n + 9),
            teacher_correct=n % 2 == 0,
        )
        for n in range(count)
    ]
    write_records(path, records)
    return records


@dataclass
class ReviewProcess:
    """The running command and the address that it printed."""

    process: subprocess.Popen[str]
    url: str

    @property
    def address(self) -> tuple[str, int, str]:
        parts = urlsplit(self.url)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port, parts.path

    def ask(
        self, path: str = "", body: Any = None, *, token: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Status and content of one request; a body makes it a POST of JSON."""
        host, port, root = self.address
        if token is not None:
            root = f"/{token}/"
        connection = http.client.HTTPConnection(host, port, timeout=10)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is None:
            connection.request("GET", root + path, headers=sent)
        else:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent = {"Content-Type": "application/json"} | sent
            connection.request("POST", root + path, content, sent)
        reply = connection.getresponse()
        self.headers = dict(reply.getheaders())
        text = reply.read().decode()
        connection.close()
        is_json = self.headers["Content-Type"].startswith("application/json")
        return reply.status, json.loads(text) if is_json else text

    def judge(self, place: int, verdict: str, step: int | None = None, note: str = "") -> Any:
        said = {"verdict": verdict, "first_wrong_step": step, "note": note}
        status, content = self.ask(f"chains/{place}/judgement", said)
        assert status == 200, content
        return content

    def place_of(self, question: str) -> int:
        """Where a chain stands in the order of this reviewer."""
        _, progress = self.ask("progress")
        for place in range(len(progress["judged"])):
            if question in self.ask(f"chains/{place}")[1]["question"]:
                return place
        raise AssertionError(question)

    def end(self, how: signal.Signals) -> tuple[int, str]:
        """Exit status, and what the command printed in the end."""
        self.process.send_signal(how)
        said, _ = self.process.communicate(timeout=10)
        return self.process.returncode, said


@contextmanager
def reviewing(records: Path, reviewer: str, *arguments: str) -> Iterator[ReviewProcess]:
    """The server of one reviewer, ended if it still runs."""
    command = [sys.executable, "-m", "harness.cli", "review", str(records)]
    process = subprocess.Popen(
        [*command, "--reviewer", reviewer, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        # A shell starts what runs in its background deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert "open http" in line, line
        yield ReviewProcess(process, line.split("open ")[1].strip())
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(10)
