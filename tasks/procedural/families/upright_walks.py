"""Nearest transfer: walks as they are trained, along a line on which nobody has walked."""

from __future__ import annotations

from functools import partial

from tasks.procedural.families.navigation import NAVIGATION, TEMPLATES
from tasks.procedural.family import Family
from tasks.procedural.skills.balance import balance_item
from tasks.procedural.vocabulary import YES_NO

UPRIGHT_WALKS = Family(
    name="upright_walks",
    description=NAVIGATION.description,
    skill="balance",
    role="transfer",
    answer_type="yes_no",
    answers=YES_NO,
    sizes=(3, 4),
    generate=partial(balance_item, "upright_walks", (("up", "down"),), TEMPLATES),
)
