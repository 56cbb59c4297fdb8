"""Finished responses on disk, so that a run that was cut off repeats nothing that it finished."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harness.stages import Response
from tasks.errors import UserError


class ResponseStore:
    """An append-only JSONL file of blocks: `{"key": ..., "responses": [...]}`, one a line.

    A block is a batch of requests that is decoded as a whole. Its key covers all that its responses
    depend on, so one file may serve several checkpoints and settings. A torn last line (the run was
    killed while writing it) is cut off.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._blocks: dict[str, list[Response]] = {}
        self._read()

    def get(self, key: str) -> list[Response] | None:
        """The responses of a finished block, None where there are none."""
        return self._blocks.get(key)

    def put(self, key: str, responses: Sequence[Response]) -> None:
        """Keep a finished block; it is on disk when this returns.

        Raises UserError where it cannot be written; what was stored before stays readable.
        """
        line = json.dumps({"key": key, "responses": [asdict(r) for r in responses]}) + "\n"
        size = self.path.stat().st_size if self.path.exists() else 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            append_durably(self.path, line.encode())
        except OSError as error:
            self._cut(size)
            raise UserError(_cannot_write(self.path, error)) from None
        self._blocks[key] = list(responses)

    def _read(self) -> None:
        if not self.path.exists():
            return
        end = 0
        with self.path.open("rb") as file:
            for line in file:
                try:
                    block = json.loads(line)
                    key, responses = block["key"], block["responses"]
                    self._blocks[key] = [_response(fields) for fields in responses]
                except (ValueError, KeyError, TypeError):
                    break
                if not line.endswith(b"\n"):
                    break
                end += len(line)
            else:
                return
            if file.read(1):
                raise UserError(
                    f"{self.path}: broken in the middle (byte {end}); "
                    "delete it to decode its responses again"
                )
        self._cut(end)

    def _cut(self, size: int) -> None:
        if self.path.exists():
            os.truncate(self.path, size)


def block_key(
    *, checkpoint: str, protocol: Any, settings: Mapping[str, Any], prompts: Sequence[Sequence[int]]
) -> str:
    """The key of a block: sha256 over all that its responses depend on.

    `checkpoint` is the fingerprint of the weights; `protocol` and `settings` are plain JSON.
    """
    parts = [checkpoint, protocol, settings, [list(prompt) for prompt in prompts]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def append_durably(path: Path, data: bytes) -> None:
    """Append to a file and wait until the data has reached the disk."""
    with path.open("ab") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _response(fields: dict[str, Any]) -> Response:
    return Response(
        rationale_ids=tuple(fields["rationale_ids"]),
        answer_ids=tuple(fields["answer_ids"]),
        rationale_truncated=fields["rationale_truncated"],
        answer_truncated=fields["answer_truncated"],
    )


def _cannot_write(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"{path}: no space left on the disk; free some and start the same command again, "
            "it goes on after the last finished batch"
        )
    return f"{path}: cannot be written ({error.strerror})"
