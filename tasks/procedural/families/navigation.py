"""Navigation: steps to and fro along a line, and whether they lead back to the start."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.balance import Template, balance_item
from tasks.procedural.vocabulary import YES_NO

# The way that counts up, and the way that counts down.
AXES = (("east", "west"), ("north", "south"), ("right", "left"))

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "seen": (
        Template("Go {n} {way}.", "Are you back at the start?"),
        Template("Walk {n} {way}.", "Do you end at the start?"),
        Template("Take {steps} {way}.", "Are you at the start again?"),
        Template("Walk {way} {steps}.", "Is the end the start?"),
    ),
    "mild": (
        Template("Go {n} {way}.", "Are you at the start again?"),
        Template("Walk {n} {way}.", "Are you back at the start?"),
        Template("Take {steps} {way}.", "Is the end the start?"),
    ),
    "held_out": (
        Template("Go {way} {n}.", "Do you end back at the start?"),
        Template("Then walk {steps} {way}.", "Are you now at the start?"),
        Template("Take {way} {steps}.", "Is this the start again?"),
    ),
}

NAVIGATION = Family(
    name="navigation",
    description="Say if a walk leads back to the start.",
    skill="balance",
    role="ind",
    answer_type="yes_no",
    answers=YES_NO,
    sizes=(3, 4),
    generate=partial(balance_item, "navigation", AXES, TEMPLATES),
)
