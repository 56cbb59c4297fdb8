"""Transfer: persons in a queue swap hats (swaps in another setting)."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.swaps import Template, swaps_item
from tasks.procedural.words import LETTERS

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "held_out": (
        Template(
            "In a queue",
            "{name} has a {thing} hat",
            "{a} and {b} swap hats.",
            "Who has the {thing} hat now?",
        ),
        Template(
            "",
            "{name} puts on the {thing} hat",
            "Then {a} and {b} swap.",
            "On whom is the {thing} hat?",
        ),
        Template(
            "At first",
            "the {thing} hat is on {name}",
            "{a} swaps hats with {b}.",
            "Who has the {thing} hat?",
        ),
    ),
}

HATS = Family(
    name="hats",
    description="Say who has a hat after hats were swapped.",
    skill="swaps",
    role="transfer",
    answer_type="choice",
    answers=LETTERS,
    sizes=(2, 3),
    longer=(),
    generate=partial(swaps_item, "hats", TEMPLATES),
)
