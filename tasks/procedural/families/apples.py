"""Near transfer: apples are added and taken away (a running number in another setting)."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.running_number import Template, running_number_item

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "held_out": (
        Template("Bob has {n} apples.", "Add {n}.", "Take away {n}.", "How many has he now?"),
        Template(
            "There are {n} apples in the house.",
            "Then add {n}.",
            "Then take away {n}.",
            "Count the apples.",
        ),
        Template(
            "I see {n} apples.",
            "The number goes up by {n}.",
            "The number goes down by {n}.",
            "How many apples do I see now?",
        ),
    ),
}

APPLES = Family(
    name="apples",
    description="Count the apples.",
    skill="running number",
    role="transfer",
    answer_type="number",
    answers=(),
    sizes=(2, 3),
    generate=partial(running_number_item, "apples", TEMPLATES),
)
