"""Nearest transfer: a running number as it is trained, that begins higher than any."""

from __future__ import annotations

from functools import partial

from tasks.procedural.families.arithmetic import ARITHMETIC, TEMPLATES
from tasks.procedural.family import Family
from tasks.procedural.skills.running_number import Span, running_number_item

LARGER_NUMBERS = Family(
    name="larger_numbers",
    description=ARITHMETIC.description,
    skill="running number",
    role="transfer",
    answer_type="number",
    answers=(),
    sizes=(2, 3),
    generate=partial(
        running_number_item, "larger_numbers", TEMPLATES, span=Span((10, 15), (0, 15))
    ),
)
