"""Where a rationale goes wrong: the first wrong step, those around it, a right one beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from reports.rendering.shortened import beginning
from tasks.quality.assess import first_wrong_step
from tasks.quality.chain import Chain
from tasks.quality.wrong_step import ErrorKind, WrongStep

# What led to the error, and what came of it.
BEFORE, AFTER = 8, 3
LONGEST_STEP = 400


@dataclass(frozen=True, slots=True)
class Beside:
    """The step that a right rationale has in place of a wrong one."""

    whose: str
    text: str


@dataclass(frozen=True, slots=True)
class FirstError:
    """The first wrong step, counted from 0 over the whole rationale, with the steps around it.

    `steps` begins with step `first`; long ones are cut. `beside` is a right rationale's step, None
    where there is none.
    """

    step: int
    kind: ErrorKind
    reason: str
    first: int
    steps: tuple[str, ...]
    beside: Beside | None = None

    @property
    def in_words(self) -> str:
        """Which step, what kind of error, and why; steps count from 1 here."""
        return f"First wrong step: {self.step + 1} ({self.kind}): {self.reason}."

    def with_right_step(self, whose: str, sound: Chain) -> FirstError:
        """The same beside the step of a sound rationale that is most like the wrong one in its
        words, the nearest in place of several.
        """
        wrong = self.steps[self.step - self.first]
        alike = [(_alike(wrong, text), -abs(n - self.step), text) for n, text in _cut(sound.steps)]
        return replace(self, beside=Beside(whose, max(alike)[2])) if alike else self


def first_error(chain: Chain) -> FirstError | None:
    """The first wrong step of a rationale, None where none is found.

    One that was cut off in sound reasoning stopped early, at its last step.
    """
    wrong = first_wrong_step(chain)
    if wrong is None and chain.is_cut and chain.steps:
        wrong = WrongStep(len(chain.steps) - 1, "stopped early", "it ran into its token limit")
    if wrong is None:
        return None
    first = max(0, wrong.step - BEFORE)
    shown = tuple(text for _, text in _cut(chain.steps[first : wrong.step + 1 + AFTER]))
    return FirstError(wrong.step, wrong.kind, wrong.reason, first, shown)


def _cut(steps: tuple[str, ...]) -> list[tuple[int, str]]:
    return [(n, beginning(step, LONGEST_STEP)) for n, step in enumerate(steps)]


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()
