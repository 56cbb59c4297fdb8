"""What was asked and answered, line by line on disk before anything else happens with it.

A request is written before it is sent and when it is answered, so a process may be killed at any
moment: what was answered is never asked again, and what was under way is known.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.collecting.budget import Tokens
from harness.collecting.chat_request import ChatRequest, Reply
from tasks.errors import UserError
from tasks.files import append_durably, lock_journal, numbered_rows


class Journal:
    """The journal of a collection, locked against a second process while it is open.

    `spent` is what all requests took, those without an answer at their reserve; these alone are
    `unknown`. UserError where another process has it, or it is no journal.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._replies: dict[str, Reply] = {}
        self._under_way: dict[str, Tokens] = {}
        self.spent = Tokens()
        self.unknown = Tokens()
        taken = f"{path}: another process has this journal"
        self._lock = lock_journal(path, taken)
        try:
            self._read()
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def __len__(self) -> int:
        """How many requests were answered, of whatever settings."""
        return len(self._replies)

    def reply(self, request: ChatRequest) -> Reply | None:
        """The reply to exactly this request, None while there is none."""
        return self._replies.get(request.key)

    def asked(self, request: ChatRequest) -> None:
        """The request is about to be sent."""
        told = {"question": request.question.id, "purpose": request.purpose}
        most = request.most_tokens.to_json()
        self._append("asked", request, **told, sample=request.sample, most=most)

    def answered(self, request: ChatRequest, reply: Reply) -> None:
        """The reply came."""
        self._append("answered", request, reply=asdict(reply))
        self._replies[request.key] = reply

    def failed(self, request: ChatRequest, what: str, *, perhaps_paid: bool) -> None:
        """No reply came."""
        self._append("failed", request, what=what, perhaps_paid=perhaps_paid)

    def _append(self, event: str, request: ChatRequest, **more: Any) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = {"event": event, "request": request.key, "at": now} | more
        append_durably(self._path, json.dumps(row).encode() + b"\n")

    def _read(self) -> None:
        for number, row in numbered_rows(self._path):
            try:
                self._take(row)
            except (KeyError, TypeError, AttributeError):
                raise UserError(
                    f"{self._path}:{number}: no line of a journal; name another one"
                ) from None
        for most in self._under_way.values():
            self._write_off(most)

    def _take(self, row: dict[str, Any]) -> None:
        key = row["request"]
        if row["event"] == "asked":
            # Asked before and never heard of again: the process was killed.
            self._write_off(self._under_way.pop(key, Tokens()))
            self._under_way[key] = Tokens(**row["most"])
            return
        most = self._under_way.pop(key)
        if row["event"] == "answered":
            tokens = row["reply"].pop("tokens")
            reply = Reply(**row["reply"], tokens=Tokens(**tokens) if tokens else None)
            self._replies[key] = reply
            self.spent += reply.tokens or most
        elif row["perhaps_paid"]:
            self._write_off(most)

    def _write_off(self, most: Tokens) -> None:
        self.spent += most
        self.unknown += most
