"""Finished responses on disk, so that a run that was cut off repeats nothing that it finished."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.decoding.stages import Response
from tasks.errors import UserError
from tasks.files import append_durably


@dataclass(frozen=True, slots=True)
class Block:
    """The responses of a batch of requests decoded as a whole, and how long that took."""

    responses: tuple[Response, ...]
    seconds: float


class ResponseStore:
    """An append-only JSONL file of blocks, one a line with its key.

    The key covers all that the responses of a block depend on, so one file may serve several
    checkpoints and settings. A torn last line (the run was killed while writing it) is cut off.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._blocks: dict[str, Block] = {}
        self._read()

    def get(self, key: str) -> Block | None:
        """The finished block of that key, None where there is none."""
        return self._blocks.get(key)

    def put(self, key: str, block: Block) -> None:
        """Keep a finished block; it is on disk when this returns.

        Raises UserError where it cannot be written; what was stored before stays readable.
        """
        line = json.dumps({"key": key} | asdict(block)) + "\n"
        append_durably(self.path, line.encode())
        self._blocks[key] = block

    def _read(self) -> None:
        if not self.path.exists():
            return
        end = 0
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                try:
                    fields = json.loads(line)
                    self._blocks[fields["key"]] = _block(fields)
                except (ValueError, KeyError, TypeError):
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


def _block(fields: dict[str, Any]) -> Block:
    return Block(tuple(_response(row) for row in fields["responses"]), fields["seconds"])


def _response(fields: dict[str, Any]) -> Response:
    return Response(
        rationale_ids=tuple(fields["rationale_ids"]),
        answer_ids=tuple(fields["answer_ids"]),
        rationale_truncated=fields["rationale_truncated"],
        answer_truncated=fields["answer_truncated"],
        # Stores of before there were forced answers lack the field; nothing asks for their blocks.
        forced_ids=None if (forced := fields.get("forced_ids")) is None else tuple(forced),
    )
