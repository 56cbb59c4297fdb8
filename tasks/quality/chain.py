"""A chain as the checks see it, and what a check finds in it."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.problem import AnswerType
from tasks.quality.wrong_step import WrongStep


@dataclass(frozen=True, slots=True)
class Chain:
    """A question, the steps of a rationale and the answer it is said to arrive at.

    `options` are the option texts of a choice, in the order shown. `is_cut`: whoever collected the
    chain says that it met its limit.
    """

    question: str
    steps: tuple[str, ...]
    answer: str
    answer_type: AnswerType
    options: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def text(self) -> str:
        """All steps."""
        return "\n".join(self.steps)


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a chain may be bad; `wrong` where the check can name the step."""

    reason: str
    wrong: WrongStep | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a check, or a model, found in a chain, and what that leaves of its score (a share)."""

    check: str
    leaves: float
    finding: Finding
