"""From tokens and seconds to money, and to the number of answers from which on a student pays."""

from __future__ import annotations

import pytest

from reports.break_even.cost_page import money
from reports.break_even.money import Prices, StudentUse, TeacherUse, break_even

PRICES = Prices(token_in=1.0, token_out=10.0, machine_hour=3.6, people_hour=50.0)
TEACHER = TeacherUse("teacher", 60, 2e6, 1e6, 200, 180, right=0.9)
STUDENT = StudentUse("tiny", "cascod", 1000, 0.5, ind=0.8, ood=None)


def test_a_student_pays_where_what_it_saves_has_paid_for_it() -> None:
    found = break_even(TEACHER, STUDENT, PRICES)
    # Chains 2 + 10, training 1000 s at 0.001; an answer 0.0005 against 0.0002 + 0.0018.
    assert found.training == pytest.approx(1.0)
    assert found.once == pytest.approx(13.0)
    assert found.per_answer == pytest.approx(0.0005)
    assert found.answers == 8667  # 13 / 0.0015, rounded up


def test_peoples_work_puts_it_off() -> None:
    found = break_even(TEACHER, STUDENT, PRICES, people_hours=2)
    assert found.once == pytest.approx(113.0)
    assert found.answers == 75334


@pytest.mark.parametrize("seconds", [2.0, 20.0])
def test_a_student_as_dear_as_its_teacher_never_pays(seconds: float) -> None:
    slow = StudentUse("large", "cascod", 1000, seconds, ind=None, ood=None)
    assert break_even(TEACHER, slow, PRICES).answers is None


@pytest.mark.parametrize(
    ("amount", "said"), [(0, "0.00"), (0.00051, "0.00051"), (0.123, "0.12"), (1234.5, "1,234.50")]
)
def test_small_sums_keep_two_digits(amount: float, said: str) -> None:
    assert money(amount) == said
