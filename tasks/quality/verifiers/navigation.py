"""Navigation: the position, and where one faces, after every instruction.

A rationale may lay its axes as it likes, if it keeps to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from tasks.quality.wrong_step import CannotSay, WrongStep

_INSTRUCTION = re.compile(
    r"(Take (\d+) steps?(?: (forward|backward|left|right))?|Turn (around|left|right)|"
    r"Always face forward)\b"
)
_PLACED = re.compile(
    r"\((-?\d{1,9}), *(-?\d{1,9})\)(?:, facing the (positive|negative) ([xy])-axis)?"
)
_CONCLUSION = re.compile(r"Since \((-?\d{1,9}), *(-?\d{1,9})\) is (not )?\(0, *0\)")
_TURNS = {"forward": 0, "left": 1, "backward": 2, "around": 2, "right": 3}
_LONGEST = 9  # digits of a number of steps
_QUARTERS = ((1, 0), (0, 1), (-1, 0), (0, -1))  # forward first, then to the left, and so on

Walk = list[tuple[str, tuple[int, int], tuple[int, int]]]


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step that goes elsewhere, in the axes that fit the rationale longest."""
    walk = _walk(question)
    if not any(_INSTRUCTION.search(step) and _PLACED.search(step) for step in steps):
        raise CannotSay("no step tells a position")
    found = [
        _first_wrong(walk, steps, swapped, signs)
        for swapped, *signs in product((True, False), (1, -1), (-1, 1))
    ]
    if None in found:
        return None
    return max((wrong for wrong in found if wrong), key=lambda wrong: wrong.step)


def _walk(question: str) -> Walk:
    """Every instruction, the position after it and the direction faced then."""
    facing, x, y = 0, 0, 0
    walk: Walk = []
    for text, count, way, turn in _INSTRUCTION.findall(question):
        if turn:
            facing = (facing + _TURNS[turn]) % 4
        elif len(count) > _LONGEST:
            raise CannotSay("more steps than anybody walks")
        elif count:
            ahead, aside = _QUARTERS[(facing + _TURNS[way or "forward"]) % 4]
            x, y = x + int(count) * ahead, y + int(count) * aside
        walk.append((text, (x, y), _QUARTERS[facing]))
    if not any(text.startswith("Take") for text, *_ in walk):
        raise CannotSay("the question gives no directions")
    return walk


def _first_wrong(
    walk: Walk, steps: Sequence[str], swapped: bool, signs: Sequence[int]
) -> WrongStep | None:
    def shown(place: tuple[int, int]) -> tuple[int, int]:
        one, other = place[0] * signs[0], place[1] * signs[1]
        return (other, one) if swapped else (one, other)

    done = 0
    for number, step in enumerate(steps):
        told, placed = _INSTRUCTION.search(step), _PLACED.search(step)
        if found := _CONCLUSION.search(step):
            if (int(found[1]), int(found[2])) != shown(walk[-1][1]):
                return WrongStep(number, "lost object", f"the walk ends at {shown(walk[-1][1])}")
            if bool(found[3]) == (walk[-1][1] == (0, 0)):
                return WrongStep(number, "against its own conclusion", f"{found[0]} does not hold")
        elif told and placed:
            if done == len(walk):
                return WrongStep(number, "wrong rule", "there is no further instruction")
            text, place, facing = walk[done]
            done += 1
            if told[0] != text:
                return WrongStep(number, "wrong rule", f"the next instruction is {text!r}")
            if (int(placed[1]), int(placed[2])) != shown(place):
                return WrongStep(number, "lost object", f"{text} leads to {shown(place)}")
            sign, axis = (1 if placed[3] == "positive" else -1), placed[4]
            if axis and shown(facing) != ((sign, 0) if axis == "x" else (0, sign)):
                return WrongStep(number, "lost object", f"{text} leaves one facing elsewhere")
    return None
