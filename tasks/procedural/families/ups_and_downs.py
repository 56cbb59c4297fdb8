"""Near transfer: a number goes up and down and perhaps back (balance in another setting)."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.balance import Template, balance_item
from tasks.procedural.vocabulary import YES_NO

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "held_out": (
        Template("It goes {way} by {n}.", "Is it back at the start?"),
        Template("The number goes {way} {n}.", "Is the number at the start again?"),
        Template("Then go {n} {way}.", "Do you end at the start?"),
    ),
}

UPS_AND_DOWNS = Family(
    name="ups_and_downs",
    description="Say if a number is back at the start.",
    skill="balance",
    role="transfer",
    answer_type="yes_no",
    answers=YES_NO,
    sizes=(3, 4),
    generate=partial(balance_item, "ups_and_downs", (("up", "down"),), TEMPLATES),
)
