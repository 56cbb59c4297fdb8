"""Logical deduction: what each step says of the order must follow from the statements it cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import permutations

from tasks.quality.wrong_step import CannotSay, Mistake, WrongStep

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_ORDINAL = f"(?:{'|'.join(_ORDINALS)})"
# How statements name the two ends of an order; places count from the front.
_FRONT = "(?:newest|leftmost|left|most expensive|first|newer|more expensive|above)"
_BACK = (
    "(?:oldest|rightmost|right|cheapest|least expensive|last|older|less expensive|cheaper|below)"
)
_END = f"(?:{_FRONT}|{_BACK})"
_THING = r"(?:[Tt]he )?((?:[\w'-]+ ){0,2}?[\w'-]+?)"
_VERB = "(?:is|are|finished|was|were)"
_RELATION = re.compile(rf"{_THING} {_VERB} (?:to the )?({_END})(?: than| of)? {_THING}$")
_NTH = rf"(?:the |in )?(?:({_ORDINAL})(?:[- ]+(?:to |to-|from the )?| )?)?({_END})?"
_PLACE = re.compile(rf"{_THING} {_VERB} {_NTH}$")
_TERM = r"(?:the |an? )?([^,.;]+?)(?=[,.;]|$)"
_LIST = rf"{_ORDINAL}(?:(?:, | and |, and | or |, or ){_ORDINAL})*"
_PLACES = rf"({_ORDINAL} (?:to|through) {_ORDINAL}|{_LIST})"
_CLAIM = re.compile(rf"\b({_ORDINAL})(?: place)? (?:is|are|must be) {_TERM}")
_CHOICE = re.compile(rf"\b({_ORDINAL}) (?:can be|is|are) (?:the )?([^,.;]+?) or {_TERM}")
_ANY = re.compile(rf"\b{_PLACES} (?:can be|is|are) any \w+(?: except {_TERM})?")
_DERIVED = re.compile(rf"(?:so|elimination,) {_THING} (is|are|must be|cannot be) {_NTH}(?=[,.;]|$)")
_DIRECTION = re.compile(rf"from (?:the )?({_END}) to (?:the )?{_END}")
_ANSWER = re.compile(r"answer is:?\s*\(?([A-Z])\)")

Order = tuple[str, ...]
Rule = Callable[[Order], bool]


def verify(question: str, steps: Sequence[str]) -> WrongStep | None:
    """The first step whose claim about a place does not follow from what was cited so far."""
    deduction = _Deduction(question)
    for number, step in enumerate(steps):
        try:
            deduction.follow(step)
        except Mistake as mistake:
            return WrongStep(number, mistake.kind, mistake.reason)
    if not deduction.began:
        raise CannotSay("no step says who is where")
    return None


class _Deduction:
    """The orders that the statements cited so far allow, and the places told so far."""

    def __init__(self, question: str) -> None:
        self.things = _things(question)
        told = [line[2:].rstrip(". ") for line in question.splitlines() if line[:2] == "- "]
        self.uncited = {statement: self._rule(statement) for statement in told[1:]}
        self.left: list[Order] = list(permutations(self.things))
        self.solutions = [o for o in self.left if all(rule(o) for rule in self.uncited.values())]
        if not self.solutions:
            raise CannotSay("the statements contradict each other, as read")
        listed = re.findall(r"\(([A-Z])\) ([^\n]+)", question.partition("Options:")[2])
        self.options = {letter: self._rule(text.rstrip(". ")) for letter, text in listed}
        self.backwards = False
        self.known: set[int] = set()
        self.began = False

    def follow(self, step: str) -> None:
        """Go on by one step; Mistake if something in it does not follow."""
        for statement in [s for s in self.uncited if s.lower() in step.lower()]:
            rule = self.uncited.pop(statement)
            self.left = [order for order in self.left if rule(order)]
        if found := _DIRECTION.search(step):
            self.backwards = bool(re.fullmatch(_BACK, found[1]))
        self._check_derived(step)
        self._check_claims(step)
        self._check_choices(step)
        if (found := _ANSWER.search(step)) and (chosen := self.options.get(found[1])):
            self._check_answer(found[1], chosen)

    def _check_answer(self, letter: str, chosen: Rule) -> None:
        self.began = True
        if not all(map(chosen, self.solutions)):
            raise Mistake("against its own conclusion", f"({letter}) does not follow")

    def _check_derived(self, step: str) -> None:
        """ "so the truck cannot be the oldest", "by elimination, the truck must be the oldest"."""
        for text, verb, ordinal, end in _DERIVED.findall(step):
            thing = self._named(text)
            if not thing or not (ordinal or end):
                continue
            place = self._counted(ordinal, end)
            holders = self._holders(place)
            holds = thing not in holders if verb == "cannot be" else holders == {thing}
            if not holds:
                raise Mistake("wrong rule", f"{thing} {verb} {ordinal} {end} does not follow")

    def _check_claims(self, step: str) -> None:
        """ "second is the truck"."""
        for ordinal, text in _CLAIM.findall(step):
            if thing := self._named(text):
                place = self._place(ordinal)
                if self._holders(place) != {thing}:
                    raise Mistake("wrong rule", f"{thing} need not be {ordinal}")
                self.known.add(place)

    def _check_choices(self, step: str) -> None:
        """ "second can be the truck or the bus", "third to fifth can be any vehicle"."""
        for ordinal, *texts in _CHOICE.findall(step):
            named = {self._named(text) for text in texts}
            if "" not in named and not self._holders(self._place(ordinal)) <= named:
                raise Mistake("wrong rule", f"{ordinal} can be another thing")
        for listed, excepted in _ANY.findall(step):
            places = {self._place(ordinal) for ordinal in _listed(listed)}
            if places & self.known:
                raise Mistake("lost object", f"one of {listed} is known by now")
            if any(self._named(excepted) in self._holders(place) for place in places):
                raise Mistake("wrong rule", f"{excepted} can be {listed}")

    def _place(self, ordinal: str) -> int:
        place = _ORDINALS.index(ordinal)
        if place >= len(self.things):
            raise Mistake("wrong rule", f"there is no {ordinal} place")
        return len(self.things) - 1 - place if self.backwards else place

    def _counted(self, ordinal: str, end: str) -> int:
        """The place that "second-oldest" names, whatever the direction of a step."""
        place = _ORDINALS.index(ordinal) if ordinal else 0
        return len(self.things) - 1 - place if re.fullmatch(_BACK, end) else place

    def _holders(self, place: int) -> set[str]:
        """Who can be there, as far as the statements cited so far tell."""
        self.began = True
        return {order[place] for order in self.left if 0 <= place < len(order)}

    def _named(self, text: str) -> str:
        text = re.sub(r"^(?:the |an? )", "", text.strip().lower())
        return next((thing for thing in self.things if thing.lower() == text), "")

    def _rule(self, statement: str) -> Rule:
        """A statement as what an order must satisfy."""
        if found := _RELATION.search(statement):
            one, other = self._named(found[1]), self._named(found[3])
            if one and other:
                before = bool(re.fullmatch(_FRONT, found[2]))
                return lambda order: (order.index(one) < order.index(other)) == before
        if (found := _PLACE.search(statement)) and (thing := self._named(found[1])):
            place = self._counted(found[2] or "", found[3] or "")
            if not 0 <= place < len(self.things):
                raise CannotSay(f"a place that is not there: {statement}")
            return lambda order: order[place] == thing
        raise CannotSay(f"a statement that cannot be read: {statement}")


def _things(question: str) -> list[str]:
    first = next((line for line in question.splitlines() if line.startswith("- ")), "")
    parts = first.rpartition(":")[2].rstrip(". ").split(",")
    things = [re.sub(r"^(?:and )?(?:an? |the )?", "", part.strip()) for part in parts]
    if not 3 <= len(things) <= 7 or "fixed order" not in question:
        raise CannotSay("the question is about no order")
    return things


def _listed(text: str) -> list[str]:
    """ "third to fifth" and "third, fourth and fifth" as single ordinals."""
    named = re.findall(_ORDINAL, text)
    if " to " in text or " through " in text:
        return list(_ORDINALS[_ORDINALS.index(named[0]) : _ORDINALS.index(named[1]) + 1])
    return named
