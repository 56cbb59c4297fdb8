"""Transfer: a lift goes up and down between floors (a running number in another setting)."""

from __future__ import annotations

from functools import partial

from tasks.procedural.family import Family, Wording
from tasks.procedural.skills.running_number import Template, running_number_item

TEMPLATES: dict[Wording, tuple[Template, ...]] = {
    "held_out": (
        Template(
            "A lift is on floor {n}.",
            "It goes up {n}.",
            "It goes down {n}.",
            "What floor is it on now?",
        ),
        Template(
            "You take the lift on floor {n},",
            "go up {n},",
            "go down {n},",
            "and get off. On what floor?",
        ),
        Template("The lift begins at floor {n}.", "Up {n}.", "Down {n}.", "At what floor is it?"),
    ),
}

LIFT = Family(
    name="lift",
    description="Say on what floor a lift is after it went up and down.",
    skill="running number",
    role="transfer",
    answer_type="number",
    answers=(),
    sizes=(2, 3),
    generate=partial(running_number_item, "lift", TEMPLATES),
)
