"""What a cell takes of a cluster's node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Needs:
    """Processor threads, GPUs, bytes of memory."""

    threads: int
    gpus: int = 0
    memory: int = 0

    def options(self) -> dict[str, Any]:
        """As a task of Ray states it."""
        return {"num_cpus": self.threads, "num_gpus": self.gpus, "memory": self.memory or None}
