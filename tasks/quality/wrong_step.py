"""What a check finds: the first step that is wrong, what kind of error that is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

ErrorKind = Literal[
    "arithmetic slip",
    "lost object",
    "wrong rule",
    "stopped early",
    "against its own conclusion",
    "named by a judge",
]
BY_JUDGE: ErrorKind = "named by a judge"
# Those that checks find, which reports count.
ERROR_KINDS: tuple[ErrorKind, ...] = tuple(k for k in get_args(ErrorKind) if k != BY_JUDGE)


@dataclass(frozen=True, slots=True)
class WrongStep:
    """A step, counted from 0, that does not hold, and why in one line."""

    step: int
    kind: ErrorKind
    reason: str


class CannotSay(Exception):
    """A verifier does not know this kind of question, or cannot read these steps."""


class Mistake(Exception):
    """Raised where a step is executed: what kind of error it holds, and why it is one."""

    def __init__(self, kind: ErrorKind, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
