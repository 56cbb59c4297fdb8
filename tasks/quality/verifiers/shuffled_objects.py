"""Tracking shuffled objects: who holds what after every swap."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tasks.quality.steps import sentences_of
from tasks.quality.wrong_step import CannotSay, Mistake, WrongStep

_VERBS = r"(?:has|gets|have|is (?:dancing with|playing|holding)|buys)"
_BEGINS = re.compile(
    rf"\b([A-Z]\w+) {_VERBS} (?:an? )?((?:(?!, [A-Z]\w+ {_VERBS}|,? and [A-Z]\w+ {_VERBS}|\.\s).)+)"
)
_SWAP = re.compile(
    r"\b([A-Z]\w*) and ([A-Z]\w*)(?= (?:swap|switch|trade|exchange)|:)"
    r"|(?:between|swaps?|switch|trades?) \(?([A-Z]\w*) and ([A-Z]\w*)"
    r"|\b([A-Z]\w*) (?:swaps|switches|trades)[a-z ]* with ([A-Z]\w*)"
)
_OPTION = re.compile(r"\(([A-Z])\) ([^\n]+)")
_NOW = r"(?:,? (?:now|still|then|also))*"
# Looked ahead for: in "First: Ann has a ball" what is said of Ann stands within what is of First.
_HOLDS = re.compile(
    r"\b(?=([A-Z]\w*)(?:: | = |'s \w+ is "
    rf"|{_NOW} (?:has|holds|gets|is(?: now| still)? (?:dancing with|playing|holding|with)){_NOW} )"
    r"([^,:;]+?)(?=[,;]| and [A-Z]|\.?\s*$|\. | (?:Therefore|After|So)\b"
    r"| (?:- )?[A-Z]\w*(?:: |,?(?: now| still)* (?:has|holds|gets|is)\b)))"
)
_ANSWER = re.compile(r"answer is:?\s*\(?([A-Z])\)")
_KIND = re.compile(r" (?:ball|book|present|gift)$")
# What stands around a thing: emphasis, an option's letter, whose it was, the next item's number.
_AROUND = re.compile(r"^\W*\([A-Z]\) | that [A-Z]\w+ had$| \d{1,2}$")


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step that swaps another pair, or says that someone has what another has."""
    game = _Game(question, told_in_words=any(_SWAP.search(step) for step in steps))
    for number, step in enumerate(steps):
        try:
            for sentence in sentences_of(step):
                game.follow(sentence)
        except Mistake as mistake:
            return WrongStep(number, mistake.kind, mistake.reason)
    if not game.began:
        raise CannotSay("no step says who has what")
    return None


class _Game:
    """Who holds what after the swaps told so far.

    Where the steps tell no swap in words, each that says who has what is the next state.
    """

    def __init__(self, question: str, *, told_in_words: bool) -> None:
        begin, self.swaps, self.options = _read(question)
        self.held = dict(begin)
        self.final = dict(begin)
        for pair in self.swaps:
            _swap(self.final, pair)
        self.asked = re.findall(r"\b([A-Z]\w+)\b", question.split("Options:")[0])[-1]
        self.told_in_words = told_in_words
        self.done = 0
        self.began = False

    def follow(self, sentence: str) -> None:
        """Go on by one sentence; Mistake if it does not hold."""
        if (found := _ANSWER.search(sentence)) and found[1] in self.options:
            self._check_answer(found[1])
        told = [
            (name, thing)
            for short, thing in _HOLDS.findall(sentence.split("answer is")[0])
            if (name := _name_of(short, self.held)) and self._is_thing(thing)
        ]
        for pair in _pairs(sentence, self.held):
            self._swap_told(pair)
        for state in [dict(told)] if self.told_in_words else _states(told):
            is_next = len(state) > 1 and self.began and not self.told_in_words
            if is_next and self.done < len(self.swaps):
                self._swap_next()
            self.began = self.began or bool(state)
            self._check_held(state)

    def _check_answer(self, letter: str) -> None:
        right = self.final.get(self.asked)
        if right is not None and right != self.options[letter]:
            raise Mistake("against its own conclusion", f"{self.asked} has {right}, not ({letter})")

    def _swap_told(self, pair: set[str]) -> None:
        done = set(self.swaps[self.done - 1]) if self.done else set()
        due = set(self.swaps[self.done]) if self.done < len(self.swaps) else set()
        if pair == due:
            self._swap_next()
        elif pair != done:  # what is told again is no further swap
            raise Mistake(
                "wrong rule",
                f"the next swap is {' and '.join(sorted(due))}" if due else "all swaps are done",
            )

    def _swap_next(self) -> None:
        _swap(self.held, self.swaps[self.done])
        self.done += 1

    def _is_thing(self, text: str) -> bool:
        """Whether the words name what someone may have, rather than anything else."""
        is_short = len(text.split()) < 3 and any(map(str.isalpha, text))
        return is_short or any(_same(text, thing) for thing in self.held.values())

    def _check_held(self, told: Mapping[str, str]) -> None:
        for name, thing in told.items():
            if not _same(thing, self.held[name]):
                raise Mistake("lost object", f"{name} has {self.held[name]}, not {thing}")


def _read(question: str) -> tuple[dict[str, str], list[tuple[str, str]], dict[str, str]]:
    """Who begins with what, the swaps in order, and the options by letter."""
    told, _, listed = question.partition("Options:")
    swaps = [(first, second) for first, second, *_ in _SWAP.findall(told) if first]
    begin = {name: _thing(thing) for name, thing in _BEGINS.findall(told.split("First,")[0])}
    if not swaps or len(begin) < 2 or not {name for pair in swaps for name in pair} <= set(begin):
        raise CannotSay("the question is about no swaps")
    return begin, swaps, {letter: _thing(text) for letter, text in _OPTION.findall(listed)}


def _states(told: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Who is said to have what, state by state: a name that comes again begins the next."""
    states: list[dict[str, str]] = [{}]
    for name, thing in told:
        if name in states[-1]:
            states.append({})
        states[-1][name] = thing
    return states


def _pairs(sentence: str, names: Mapping[str, str]) -> list[set[str]]:
    """The pairs that a sentence says swap, in order."""
    found = [[name for name in groups if name] for groups in _SWAP.findall(sentence)]
    pairs = [{_name_of(short, names) for short in pair} for pair in found]
    return [pair for pair in pairs if "" not in pair]


def _swap(held: dict[str, str], pair: tuple[str, str]) -> None:
    first, second = pair
    held[first], held[second] = held[second], held[first]


def _thing(text: str) -> str:
    return _KIND.sub("", _AROUND.sub("", text.strip(" .*_\n")).strip(" ."))


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
