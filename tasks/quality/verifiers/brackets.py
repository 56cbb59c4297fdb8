"""Dyck languages: the stack of open brackets after every bracket of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.quality.wrong_step import CannotSay, WrongStep

_CLOSED_BY = {"(": ")", "[": "]", "{": "}", "<": ">"}
_STEP = re.compile(r"^(?:.*?\s)?([][(){}<>])\s*;\s*stack:\s*(.*?)\.?$")
_STACK = re.compile(r"\bstack is:? [\"'“]?([^\"'”]*)[\"'”]?")
_POPPED = re.compile(r"pop out (.*?)(?: one by one| in that order|\.\s|\.?$)")
_NEEDED = re.compile(r"we need (.*?)(?:\.?\s*So\b|\.?$)")
_ANSWER = re.compile(r"answer is:?\s*([][(){}<>\s]+)\.?$")


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step whose bracket, stack or conclusion is not the question's."""
    brackets = _brackets(question)
    stacks = _stacks(brackets)
    final = stacks[-1]
    closing = [_CLOSED_BY[bracket] for bracket in reversed(final)]
    read = 0
    for number, step in enumerate(steps):
        if found := _STEP.match(step):
            if read == len(brackets):
                return WrongStep(number, "wrong rule", "the question has no further bracket")
            if found[1] != brackets[read]:
                return WrongStep(
                    number, "lost object", f"the next bracket is {brackets[read]}, not {found[1]}"
                )
            read += 1
            if _only(found[2]) != stacks[read]:
                return WrongStep(number, "wrong rule", f"the stack is {_shown(stacks[read])}")
        elif found := _STACK.search(step):
            if read < len(brackets):
                return WrongStep(
                    number, "stopped early", f"{len(brackets) - read} brackets are not read yet"
                )
            if _only(found[1]) != final:
                return WrongStep(number, "wrong rule", f"the stack is {_shown(final)}")
        elif found := _POPPED.search(step):
            if _only(found[1]) != final[::-1]:
                return WrongStep(number, "wrong rule", f"to pop: {_shown(final[::-1])}")
        elif (found := _NEEDED.search(step)) and _only(found[1]) != closing:
            return WrongStep(number, "wrong rule", f"needed: {_shown(closing)}")
        if (found := _ANSWER.search(step)) and _only(found[1]) != closing:
            return WrongStep(
                number, "against its own conclusion", f"the answer is {_shown(closing)}"
            )
    if not read:
        raise CannotSay("no step tells the stack")
    return None


def _brackets(question: str) -> list[str]:
    asked = question.rpartition("Input:")[2] if "Input:" in question else question
    if not asked.strip() or re.search(r"[^][(){}<>\s]", asked):
        raise CannotSay("the question is no sequence of brackets")
    return _only(asked)


def _stacks(brackets: Sequence[str]) -> list[list[str]]:
    """The stack before the first bracket and after each of them."""
    stacks: list[list[str]] = [[]]
    for bracket in brackets:
        before = stacks[-1]
        if bracket in _CLOSED_BY:
            stacks.append([*before, bracket])
        elif before and _CLOSED_BY[before[-1]] == bracket:
            stacks.append(before[:-1])
        else:
            raise CannotSay("the question closes a bracket that is not open")
    return stacks


def _only(text: str) -> list[str]:
    return re.findall(r"[][(){}<>]", text)


def _shown(brackets: Sequence[str]) -> str:
    return " ".join(brackets) or "empty"
