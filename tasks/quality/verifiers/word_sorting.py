"""Word sorting by letters: look them up, order the words by them, sort what is still open.

Steps write an order as `(1) "ant" < (2) ["bee" ? "bat"] < (3) "cow"`: groups in ascending order of
their letter's number, a bracket holding words whose order is still open. The first open bracket is
sorted next, by the letter after.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from tasks.quality.wrong_step import CannotSay, Mistake, WrongStep

_QUOTED = r'"([^"]+)"'
_LETTER = re.compile(rf'{_QUOTED}:\s*"(\w)"(?:\s*\((\d+)\))?')
_GROUP = re.compile(r'(?:\((\d+)\)\s*)?(\[[^\]]*\]|"[^"]+")(?:\s*([<=?]))?')
_PLACES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_PLACE = re.compile(rf"\b({'|'.join(_PLACES)}) letter")
_SORTED_NEXT = re.compile(r"sort (?:this|the) subpart (?:\(\d+\) )?(\[[^\]]*\])")
_ANSWER = re.compile(r"(?:answer is|Hence, we have):?\s+([^\"<>\[\]]+?)\.?$")
_CUT = re.compile(r"(?=\bHence\b|\bWe now have|\bNow let's|\bThe \w+ letter)")
_ALIKE = 0.8  # of 1: above it a word is another one miscopied

Group = tuple[str, list[str]]  # the number of its letter, its words


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step that misreads a letter, orders words wrongly, or loses or adds one."""
    sorting = _Sorting(_words(question))
    for number, step in enumerate(steps):
        try:
            sorting.follow(step)
        except Mistake as mistake:
            return WrongStep(number, mistake.kind, mistake.reason)
    if not sorting.began:
        raise CannotSay("no step orders words")
    return None


class _Sorting:
    """How far the words are sorted, as the steps so far have rightly told."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.subpart = words
        self.place = 0
        self.order = [words]
        self.began = False

    def follow(self, step: str) -> None:
        """Go on by one step; Mistake if it does not hold."""
        pieces = _CUT.split(step)
        # An order of a few words may come before that of all of them.
        last = max((n for n, piece in enumerate(pieces) if piece.startswith("Hence")), default=-1)
        for number, piece in enumerate(pieces):
            if found := _SORTED_NEXT.search(piece):
                self._open(self._meant(re.findall(_QUOTED, found[1])))
            if found := _PLACE.search(piece):
                self.place = _PLACES.index(found[1])
            if letters := _LETTER.findall(piece):
                self._look_up(letters)
            elif number == last:
                self._check_whole(_order(piece))
            elif piece.startswith("We now have"):
                self._reorder(_order(piece))
            if found := _ANSWER.search(piece):
                self._conclude(self._meant(found[1].replace(",", " ").split()))

    def _open(self, asked: list[str]) -> None:
        first_open = next((group for group in self.order if len(group) > 1), [])
        if sorted(asked) != sorted(first_open):
            raise Mistake(
                "wrong rule", f"what is open first is {', '.join(first_open) or 'nothing'}"
            )
        self.subpart = asked

    def _look_up(self, letters: Sequence[tuple[str, str, str]]) -> None:
        self.began = True
        for word, letter, number in letters:
            if word[self.place : self.place + 1].lower() != letter.lower():
                raise Mistake("wrong rule", f"{letter} is not letter {self.place + 1} of {word}")
            if number and int(number) != _number(letter):
                raise Mistake(
                    "wrong rule",
                    f"{letter} is letter {_number(letter)} of the alphabet, not {number}",
                )
        if len(letters) > 1:  # a step for each word says nothing of the others
            _check_same(self._meant([word for word, *_ in letters]), self.subpart)

    def _reorder(self, told: Sequence[Group]) -> None:
        """The open words in the order of their letters, in the place where they were open."""
        self.began = True
        by_letter: dict[str, list[str]] = {}
        for word in sorted(self.subpart, key=lambda word: word[self.place : self.place + 1]):
            by_letter.setdefault(word[self.place : self.place + 1], []).append(word)
        part = list(by_letter.values())
        _check_order([self._meant(words) for _, words in told], part)
        for number, words in told:
            self._check_number(number, words)
        self.order = [
            finer
            for group in self.order
            for finer in (part if sorted(group) == sorted(self.subpart) else [group])
        ]

    def _check_whole(self, told: Sequence[Group]) -> None:
        if told:
            _check_order([self._meant(words) for _, words in told], self.order)

    def _check_number(self, number: str, words: Sequence[str]) -> None:
        letter = words[0][self.place : self.place + 1]
        if number and letter and int(number) != _number(letter):
            raise Mistake(
                "wrong rule", f"{words[0]} has {letter} ({_number(letter)}), not ({number})"
            )

    def _conclude(self, answer: list[str]) -> None:
        if self.began and (still := next((g for g in self.order if len(set(g)) > 1), [])):
            raise Mistake("stopped early", f"still open: {', '.join(still)}")
        _check_same(answer, self.words)
        for first, second in pairwise(answer):
            if first > second:
                raise Mistake("wrong rule", f"{first} does not come before {second}")

    def _meant(self, told: Sequence[str]) -> list[str]:
        """The question's words, for those that miscopy one too."""
        return [
            word
            if word in self.words
            else next(iter(difflib.get_close_matches(word, self.words, 1, _ALIKE)), word)
            for word in told
        ]


def _words(question: str) -> list[str]:
    listed = question.rpartition("List:")[2] if "List:" in question else question
    words = listed.replace(",", " ").split()
    if len(words) < 2 or not all(re.fullmatch(r"[a-z][\w'&.-]*", word) for word in words):
        raise CannotSay("the question is no list of words")
    return words


def _order(text: str) -> list[Group]:
    """The order that a text writes: of every group its number ("" without) and its words."""
    order: list[Group] = []
    joined = ""
    for number, group, sign in _GROUP.findall(text):
        inside = group.split("<")  # a bracket may hold an order that is settled by now
        words = [re.findall(_QUOTED, part) for part in inside]
        if joined in ("=", "?") and order:
            order[-1][1].extend(words.pop(0))
        order.extend((number, part) for part in words if part)
        joined = sign
    return order


def _number(letter: str) -> int:
    return ord(letter.lower()) - ord("a") + 1


def _check_order(told: Sequence[list[str]], right: Sequence[list[str]]) -> None:
    """Mistake unless the groups hold the same words, whatever their order inside a group."""
    _check_same([w for group in told for w in group], [w for group in right for w in group])
    for group, correct in zip(told, right, strict=False):
        if sorted(group) != sorted(correct):
            raise Mistake(
                "wrong rule", f"{', '.join(correct)} belongs where {', '.join(group)} stands"
            )


def _check_same(told: Sequence[str], expected: Sequence[str]) -> None:
    if missing := Counter(expected) - Counter(told):
        raise Mistake("lost object", f"missing: {', '.join(missing)}")
    if extra := Counter(told) - Counter(expected):
        raise Mistake("lost object", f"too many: {', '.join(extra)}")
