"""Shuffled objects: three persons swap what they hold."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.swaps import Template, swaps_item
from tasks.procedural.vocabulary import LETTERS

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "seen": (
        Template("Now", "{thing} is with {name}", "{a} and {b} swap.", "Who has {thing} now?"),
        Template(
            "At first", "{thing} is held by {name}", "Then {a} and {b} swap.", "Who holds {thing}?"
        ),
        Template(
            "First", "{thing} goes to {name}", "Next {a} swaps with {b}.", "Who has {thing} then?"
        ),
        Template("In a game", "{name} has {thing}", "{a} swaps with {b}.", "With whom is {thing}?"),
    ),
    "mild": (
        Template(
            "At first", "{thing} is with {name}", "Next {a} swaps with {b}.", "Who holds {thing}?"
        ),
        Template(
            "In a game", "{thing} goes to {name}", "{a} and {b} swap.", "With whom is {thing}?"
        ),
        Template("First", "{name} has {thing}", "Then {a} and {b} swap.", "Who has {thing} now?"),
    ),
    "held_out": (
        Template("", "{name} holds {thing}", "Now {a} and {b} swap.", "Who holds {thing} now?"),
        Template(
            "At first",
            "{name} has {thing}",
            "{a} then swaps with {b}.",
            "With whom is {thing} now?",
        ),
        Template(
            "In the game",
            "{thing} is by {name}",
            "Then {a}, {b} swap.",
            "Who is it that has {thing}?",
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
    generate=partial(swaps_item, "shuffled_objects", TEMPLATES),
)
