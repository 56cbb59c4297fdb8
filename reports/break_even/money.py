"""From what was used to what it costs, and to the number of answers that pays for it."""

from __future__ import annotations

import math
from dataclasses import dataclass

MILLION = 1e6
SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Prices:
    """In one currency, whichever: a million tokens read and written by the teacher, an hour of the
    machine that the student runs on, an hour of somebody's work.
    """

    token_in: float
    token_out: float
    machine_hour: float
    people_hour: float = 0.0

    def tokens(self, read: float, written: float) -> float:
        """The price of tokens."""
        return (read * self.token_in + written * self.token_out) / MILLION

    def machine(self, seconds: float) -> float:
        """The price of a machine's time."""
        return seconds / SECONDS_AN_HOUR * self.machine_hour


@dataclass(frozen=True, slots=True)
class TeacherUse:
    """What the teacher took: `read` and `written` tokens in all, and a mean first answer's.

    `right` is the share of first answers that were right (of those that could be asked).
    """

    model: str
    questions: int
    read: float
    written: float
    read_per_answer: float
    written_per_answer: float
    right: float


@dataclass(frozen=True, slots=True)
class StudentUse:
    """What a student took: a training (the mean over seeds), and an answer; seconds.

    `ind` and `ood` are its accuracies, None where it was not asked such suites.
    """

    student: str
    method: str
    training_seconds: float
    answer_seconds: float
    ind: float | None
    ood: float | None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """What a student costs once and for each answer, and from how many answers on it pays.

    `answers` is None where an answer of the student costs as much as one of the teacher, or more.
    """

    use: StudentUse
    training: float
    once: float
    per_answer: float
    answers: int | None


def break_even(
    teacher: TeacherUse, student: StudentUse, prices: Prices, people_hours: float = 0.0
) -> BreakEven:
    """The volume n at which once + n * (an answer of the student) = n * (one of the teacher)."""
    training = prices.machine(student.training_seconds)
    once = collecting(teacher, prices) + training + people_hours * prices.people_hour
    per_answer = prices.machine(student.answer_seconds)
    saved = answering(teacher, prices) - per_answer
    answers = math.ceil(once / saved) if saved > 0 else None
    return BreakEven(student, training, once, per_answer, answers)


def collecting(teacher: TeacherUse, prices: Prices) -> float:
    """What the chains cost."""
    return prices.tokens(teacher.read, teacher.written)


def answering(teacher: TeacherUse, prices: Prices) -> float:
    """What an answer of the teacher costs."""
    return prices.tokens(teacher.read_per_answer, teacher.written_per_answer)
