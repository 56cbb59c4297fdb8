"""Calendar arithmetic: some days on and some days back from a day of the week."""

from __future__ import annotations

import random
from functools import partial

from tasks.procedural.family import Derivation, Family, Item, Wording
from tasks.procedural.slip import Slip
from tasks.procedural.vocabulary import counted, running_sum

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# How the first day, days on, days back and the question are put.
TEMPLATES: dict[Wording, tuple[tuple[str, str, str, str], ...]] = {
    "seen": (
        ("Today is {day}.", "Go {n} on.", "Go {n} back.", "What day is it?"),
        ("It is {day}.", "Then {n} on.", "Then {n} back.", "Which day is it now?"),
        ("Begin at {day}.", "Count {days} on.", "Count {days} back.", "Which day do you get?"),
        ("From {day}", "go on {days},", "go back {days},", "and say the day."),
    ),
    "mild": (
        ("Today is {day}.", "Then {n} on.", "Then {n} back.", "Which day do you get?"),
        ("It is {day}.", "Count {days} on.", "Count {days} back.", "What day is it?"),
        ("Begin at {day}.", "Go {n} on.", "Go {n} back.", "Which day is it now?"),
    ),
    "held_out": (
        ("Today it is {day}.", "Then go on {n}.", "Then go back {n}.", "Which day do you get now?"),
        ("Begin from {day}.", "Now {days} on.", "Now {days} back.", "What day is it now?"),
        ("The day is {day}.", "Take {n} on.", "Take {n} back.", "Say which day you get."),
    ),
}


def _generate(rng: random.Random, size: int, wording: Wording) -> Item:
    day = rng.choice(DAYS)
    moves = _draw_moves(rng, size)
    target = _shift(day, sum(moves))
    number = rng.randrange(len(TEMPLATES[wording]))
    opening, on, back, ask = TEMPLATES[wording][number]
    told = [(on if n > 0 else back).format(n=abs(n), days=counted(abs(n), "day")) for n in moves]
    return Item(
        family="calendar",
        question=" ".join([opening.format(day=day), *told, ask]),
        content=" ".join([day, *map(str, moves)]),
        template=f"calendar/{wording}-{number}",
        answer=target,
        solvers=(partial(_day_by_day, day, moves), partial(_net_move, day, moves)),
    )


def _draw_moves(rng: random.Random, size: int) -> tuple[int, ...]:
    while True:
        moves = tuple(rng.choice((-1, 1)) * rng.randint(1, 4) for _ in range(size))
        if min(moves) < 0 < max(moves) and abs(sum(moves)) <= 4:
            return moves


def _day_by_day(day: str, moves: tuple[int, ...], slip: Slip) -> Derivation:
    current = day
    steps = [f"{day}."]
    for move in moves:
        passed, current = _walk(current, move, slip)
        steps.append(f"{_way(move)}: {passed}.")
    path = f"day by day: {day}, {', '.join(_way(move) for move in moves)}"
    return Derivation(" ".join([*steps, f"{current}."]), path, current)


def _net_move(day: str, moves: tuple[int, ...], slip: Slip) -> Derivation:
    on = [n for n in moves if n > 0]
    back = [-n for n in moves if n < 0]
    on_text, on_total = running_sum(on, slip)
    back_text, back_total = running_sum(back, slip)
    high, low = max(on_total, back_total), min(on_total, back_total)
    net = slip.number(high - low)
    way = net if on_total >= back_total else -net
    steps = [f"On: {on_text}. Back: {back_text}. {high} - {low} = {net}."]
    passed, current = _walk(day, way, slip)
    steps.append(f"{day}, {_way(way)}: {passed}.")
    taken = ", ".join(_way(n) for n in (*on, *(-n for n in back)))
    path = f"net move: {taken} from {day}"
    return Derivation(" ".join([*steps, f"{current}."]), path, current)


def _walk(day: str, move: int, slip: Slip) -> tuple[str, str]:
    """The days passed, as text, and the last of them; no move stays where it is."""
    step = 1 if move > 0 else -1
    passed = []
    for count in range(1, abs(move) + 1):
        following = _shift(day, step)
        day = slip(following, [_shift(following, -1), _shift(following, 1)])
        passed.append(f"{count} {day}")
    return ", ".join(passed) or day, day


def _shift(day: str, by: int) -> str:
    return DAYS[(DAYS.index(day) + by) % len(DAYS)]


def _way(move: int) -> str:
    return f"{abs(move)} {'on' if move >= 0 else 'back'}"


CALENDAR = Family(
    name="calendar",
    description="Say what day of the week it is after some days on and back.",
    skill="weekdays",
    role="ind",
    answer_type="free_text",
    answers=(),
    sizes=(2, 3),
    generate=_generate,
)
