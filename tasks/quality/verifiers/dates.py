"""Dates: a day counted from the one that a rationale says is today, and ways of writing a day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from tasks.quality.wrong_step import CannotSay, WrongStep

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = rf"(?:{'|'.join(_MONTHS)})[a-z]*\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
_DAY = rf"(?:{_NAMED}|\d{{1,2}}/\d{{1,2}}/\d{{4}})"
_WRITTEN = re.compile(r"(\w{3})\w*\.? (\d+)\w*,? (\d+)|(\d+)/(\d+)/(\d+)")
_IS = r"(?:is|was|will be|would be|would have been)"
_ASIDE = r"(?:also |therefore |thus |on )?"
_COUNT = r"(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+)"
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_APART = (
    rf"(?P<near>tomorrow|(?<!before )yesterday)|{_COUNT} (?P<unit>hour|day|week|month|year)s? "
    r"(?P<way>ago|later|before|after|from (?:today|now))"
)
_TODAY = re.compile(
    rf"(?<!from )(?<!before )(?<!after )\btoday(?:'s date)?,? {_IS} {_ASIDE}(?P<today>{_DAY})",
    re.IGNORECASE,
)
_MOVED = re.compile(
    rf"\b(?:{_APART})(?: today)?,? {_IS} {_ASIDE}(?P<day>{_DAY})(?! [-+])", re.IGNORECASE
)
_REWRITTEN = re.compile(rf"(?P<one>{_DAY}),? (?:that|which) is (?P<other>{_DAY})", re.IGNORECASE)


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step that counts days wrongly from its own today, or writes a day as another."""
    if "date" not in question.lower():
        raise CannotSay("the question is about no date")
    today: date | None = None
    read_any = False
    for number, step in enumerate(steps):
        if (found := _TODAY.search(step)) and (day := _day(found["today"])):
            today = day
        for found in _MOVED.finditer(step):
            right = _moved(today, found) if today else None
            if right:
                read_any = True
                if _day(found["day"]) != right:
                    return WrongStep(number, "arithmetic slip", f"that day is {right:%m/%d/%Y}")
        for found in _REWRITTEN.finditer(step):
            read_any = True
            if _day(found["one"]) != _day(found["other"]):
                return WrongStep(
                    number, "arithmetic slip", f"{found['one']} is not {found['other']}"
                )
    if not read_any:
        raise CannotSay("no step counts days")
    return None


def _day(text: str) -> date | None:
    found = _WRITTEN.search(text)
    if not found:
        return None
    name, day, year, *numbers = found.groups()
    try:
        if name:
            return date(int(year), _MONTHS.index(name.lower()) + 1, int(day))
        return date(int(numbers[2]), int(numbers[0]), int(numbers[1]))
    except ValueError:
        return None


def _moved(today: date, found: re.Match[str]) -> date | None:
    """The day so far from today; None where the calendar has none such."""
    try:
        if near := found["near"]:
            return today + timedelta(days=1 if near.lower() == "tomorrow" else -1)
        count, unit = found["count"].lower(), found["unit"].lower()
        sign = -1 if found["way"].lower() in ("ago", "before") else 1
        if count.isdigit():
            number = int(count) * sign
        else:
            number = sign * (_NUMBERS.index(count) + 1 if count in _NUMBERS else 1)
        match unit:
            case "hour":
                return today + timedelta(days=number // 24) if number % 24 == 0 else None
            case "day" | "week":
                return today + timedelta(days=number * (7 if unit == "week" else 1))
            case _:
                return _months_on(today, number * (12 if unit == "year" else 1))
    except (OverflowError, ValueError):
        return None


def _months_on(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
