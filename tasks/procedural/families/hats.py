"""Transfer: persons in a queue swap hats (swaps in another setting)."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.swaps import Template, swaps_item
from tasks.procedural.vocabulary import LETTERS

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "held_out": (
        Template(
            "Here",
            "the {thing} hat is with {name}",
            "{a} and {b} swap hats.",
            "Who has the {thing} hat now?",
        ),
        Template(
            "First",
            "the {thing} hat goes to {name}",
            "Then {a} and {b} swap.",
            "On whom is the {thing} hat?",
        ),
        Template(
            "At first",
            "{name} has the {thing} hat",
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
    generate=partial(swaps_item, "hats", TEMPLATES),
)
