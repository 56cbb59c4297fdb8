"""Arithmetic: a number is raised and lowered a few times."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.running_number import Template, running_number_item

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "seen": (
        Template("Begin with {n}.", "Add {n}.", "Take away {n}.", "What number do you get?"),
        Template("What is {n}", "+ {n}", "- {n}", "?"),
        Template(
            "The number is {n}.",
            "It goes up by {n}.",
            "It goes down by {n}.",
            "What is the number now?",
        ),
        Template("Take {n},", "then add {n},", "then take away {n},", "and say what you get."),
    ),
    "mild": (
        Template("The number is {n}.", "Add {n}.", "Take away {n}.", "What is the number now?"),
        Template(
            "Begin with {n}.",
            "It goes up by {n}.",
            "It goes down by {n}.",
            "What number do you get?",
        ),
        Template("Take {n},", "+ {n}", "- {n}", "and say what you get."),
    ),
    "held_out": (
        Template("Now {n} is the number.", "Go up {n}.", "Go down {n}.", "What do you get now?"),
        Template("You begin with {n},", "add {n},", "take off {n},", "and get what number?"),
        Template("Say what number is {n},", "up {n},", "down {n},", "now."),
    ),
}

ARITHMETIC = Family(
    name="arithmetic",
    description="Work out a number that is raised and lowered step by step.",
    skill="running number",
    role="ind",
    answer_type="number",
    answers=(),
    sizes=(2, 3),
    generate=partial(running_number_item, "arithmetic", TEMPLATES),
)
