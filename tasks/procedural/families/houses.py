"""Near transfer: three persons swap houses (swaps in another setting)."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.swaps import Template, swaps_item
from tasks.procedural.vocabulary import LETTERS

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "held_out": (
        Template(
            "In a game",
            "{name} is at the {thing} house",
            "{a} and {b} swap.",
            "Who is at the {thing} house now?",
        ),
        Template(
            "First",
            "the {thing} house is with {name}",
            "Then {a} swaps with {b}.",
            "With whom is the {thing} house?",
        ),
        Template(
            "At first",
            "{name} has the {thing} house",
            "Next {a} and {b} swap.",
            "Who has the {thing} house then?",
        ),
    ),
}

HOUSES = Family(
    name="houses",
    description="Say who is at a house after some swaps.",
    skill="swaps",
    role="transfer",
    answer_type="choice",
    answers=LETTERS,
    sizes=(2, 3),
    generate=partial(swaps_item, "houses", TEMPLATES),
)
