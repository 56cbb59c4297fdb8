"""Transfer: coins go into a purse and out of it (a running number in another setting)."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.running_number import Template, running_number_item

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "held_out": (
        Template(
            "A purse has {n} in it.",
            "Add {n} to it.",
            "Take out {n}.",
            "How many are in it now?",
        ),
        Template(
            "Ann has {n} in the purse.",
            "She gets {n} more.",
            "She gives away {n}.",
            "How many are left?",
        ),
        Template(
            "Bob begins with {n} in a purse,", "puts in {n},", "takes out {n},", "and has how many?"
        ),
    ),
}

PURSE = Family(
    name="purse",
    description="Say how many coins are in a purse after coins went in and out.",
    skill="running number",
    role="transfer",
    answer_type="number",
    answers=(),
    sizes=(2, 3),
    generate=partial(running_number_item, "purse", TEMPLATES),
)
