"""Shuffled objects: three persons swap what they hold."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.swaps import Template, swaps_item
from tasks.procedural.words import LETTERS

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "seen": (
        Template("", "{name} has {thing}", "{a} and {b} swap.", "What does {name} have now?"),
        Template(
            "At first", "{name} holds {thing}", "Then {a} and {b} swap.", "What does {name} hold?"
        ),
        Template(
            "", "{name} gets {thing}", "Next {a} swaps with {b}.", "Which one has {name} now?"
        ),
        Template(
            "In a game", "{name} has {thing}", "{a} swaps with {b}.", "Which one is with {name}?"
        ),
    ),
    "held_out": (
        Template("", "{thing} is with {name}", "Now {a} and {b} swap.", "Which does {name} have?"),
        Template(
            "At first",
            "{name} gets {thing}",
            "{a} then swaps with {b}.",
            "What is with {name} now?",
        ),
        Template(
            "In the game", "{thing} goes to {name}", "Then {a}, {b} swap.", "What has {name} now?"
        ),
    ),
}

SHUFFLED_OBJECTS = Family(
    name="shuffled_objects",
    description="Say what a person holds after some swaps.",
    skill="swaps",
    role="ind",
    answer_type="choice",
    answers=LETTERS,
    sizes=(2, 3),
    longer=(4, 5),
    generate=partial(swaps_item, "shuffled_objects", TEMPLATES),
)
