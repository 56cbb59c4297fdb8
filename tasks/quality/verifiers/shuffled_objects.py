"""Tracking shuffled objects: who holds what after every swap."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tasks.quality.wrong_step import CannotSay, WrongStep

_VERBS = r"(?:has|gets|have|is (?:dancing with|playing|holding)|buys)"
_BEGINS = re.compile(
    rf"\b([A-Z]\w+) {_VERBS} (?:an? )?((?:(?!, [A-Z]\w+ {_VERBS}|,? and [A-Z]\w+ {_VERBS}|\.\s).)+)"
)
_SWAP = re.compile(r"\b([A-Z]\w*) and ([A-Z]\w*)(?= (?:swap|switch|trade|exchange)|:)")
_OPTION = re.compile(r"\(([A-Z])\) ([^\n]+)")
_HOLDS = re.compile(r"\b([A-Z]\w*)(?:: | = |'s \w+ is )([^,:;]+?)(?=[,;]| and [A-Z]|\.?\s*$|\. )")
_ANSWER = re.compile(r"answer is:?\s*\(?([A-Z])\)")
_KIND = re.compile(r" (?:ball|book|present|gift)$")


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step that swaps another pair, or says that someone has what another has."""
    begin, swaps, options = _read(question)
    held = dict(begin)
    done = -1  # swaps executed; before the first state even the beginning is not told
    for number, step in enumerate(steps):
        if (end := _ANSWER.search(step)) and end[1] in options:
            conclusion = _conclusion(question, step, begin, swaps, options, end[1])
            if conclusion:
                return WrongStep(number, "against its own conclusion", conclusion)
        told = {
            name: thing
            for short, thing in _HOLDS.findall(step.split("answer is")[0])
            if (name := _name_of(short, begin))
        }
        swap = _SWAP.search(step)
        if not told and not swap:
            continue
        done += 1
        if swap and done == 0:
            done = 1
        if done > len(swaps):
            if _differs(told, held):
                return WrongStep(number, "wrong rule", "there is no further swap")
            continue
        if done:
            pair = swaps[done - 1]
            if swap and {_name_of(swap[1], begin), _name_of(swap[2], begin)} != set(pair):
                return WrongStep(number, "wrong rule", f"the next swap is {pair[0]} and {pair[1]}")
            held[pair[0]], held[pair[1]] = held[pair[1]], held[pair[0]]
        if wrong := _differs(told, held):
            return WrongStep(number, "lost object", wrong)
    if done < 0:
        raise CannotSay("no step says who has what")
    return None


def _read(question: str) -> tuple[dict[str, str], list[tuple[str, str]], dict[str, str]]:
    """Who begins with what, the swaps in order, and the options by letter."""
    told, _, listed = question.partition("Options:")
    swaps = _SWAP.findall(told)
    begin = {name: _thing(thing) for name, thing in _BEGINS.findall(told.split("First,")[0])}
    if not swaps or len(begin) < 2 or not {name for pair in swaps for name in pair} <= set(begin):
        raise CannotSay("the question is about no swaps")
    return begin, swaps, {letter: _thing(text) for letter, text in _OPTION.findall(listed)}


def _conclusion(
    question: str,
    step: str,
    begin: Mapping[str, str],
    swaps: Sequence[tuple[str, str]],
    options: Mapping[str, str],
    letter: str,
) -> str:
    """What is wrong with the option chosen; "" where it is the one of who is asked about."""
    asked = re.findall(r"\b([A-Z]\w+)\b", question.split("Options:")[0])[-1]
    held = dict(begin)
    for first, second in swaps:
        held[first], held[second] = held[second], held[first]
    if asked not in held or held[asked] == options[letter]:
        return ""
    return f"{asked} has {held[asked]}, ({letter}) is {options[letter]}"


def _differs(told: Mapping[str, str], held: Mapping[str, str]) -> str:
    for name, thing in told.items():
        if not _same(thing, held[name]):
            return f"{name} has {held[name]}, not {thing}"
    return ""


def _thing(text: str) -> str:
    return _KIND.sub("", text.strip().rstrip(".").strip())


def _same(told: str, held: str) -> bool:
    """Whether a name or its beginning ("Hound" of "Hound of the Baskervilles") is meant."""
    told, held = _thing(told).lower(), held.lower()
    told = re.sub(r"^(?:an?|the) ", "", told)
    held = re.sub(r"^(?:an?|the) ", "", held)
    return bool(told) and (held.startswith(told) or told.startswith(held) or told in held)


def _name_of(short: str, names: Mapping[str, str]) -> str:
    """The one name that begins so, "" if none or several do."""
    meant = [name for name in names if name == short or name.startswith(short)]
    return meant[0] if len(meant) == 1 else ""
