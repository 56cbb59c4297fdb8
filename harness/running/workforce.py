"""Who works on the cells of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.running.context import Context
from harness.running.workers.work import Workers


@dataclass(frozen=True, slots=True)
class Workforce:
    """Who does the work, how many cells at once, and a line that says why so many."""

    do: Workers
    jobs: int
    why: str


# The workers for a run that is prepared and has so many cells.
Hire = Callable[[Context, int], Workforce]
