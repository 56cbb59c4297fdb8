"""Shuffled objects: three persons swap what they hold."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.swaps import Template, swaps_item
from tasks.procedural.words import LETTERS

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "seen": (
        Template("", "{name} has {thing}", "{a} and {b} swap.", "Who has {thing} now?"),
        Template(
            "At first", "{name} holds {thing}", "Then {a} and {b} swap.", "Who holds {thing}?"
        ),
        Template("", "{name} gets {thing}", "Next {a} swaps with {b}.", "Who has {thing} then?"),
        Template("In a game", "{name} has {thing}", "{a} swaps with {b}.", "With whom is {thing}?"),
    ),
    "held_out": (
        Template("", "{thing} is with {name}", "Now {a} and {b} swap.", "Who does have {thing}?"),
        Template(
            "At first",
            "{name} gets {thing}",
            "{a} then swaps with {b}.",
            "With whom is {thing} now?",
        ),
        Template(
            "In the game",
            "{thing} goes to {name}",
            "Then {a}, {b} swap.",
            "Who is it that holds {thing}?",
        ),
    ),
}

SHUFFLED_OBJECTS = Family(
    name="shuffled_objects",
    description="Say who holds a thing after some swaps.",
    skill="swaps",
    role="ind",
    answer_type="choice",
    answers=LETTERS,
    sizes=(2, 3),
    longer=(4, 5),
    generate=partial(swaps_item, "shuffled_objects", TEMPLATES),
)
