"""All generator families, trained ones first."""

from __future__ import annotations

from tasks.errors import UserError
from tasks.procedural.families.arithmetic import ARITHMETIC
from tasks.procedural.families.boolean_expressions import BOOLEAN_EXPRESSIONS
from tasks.procedural.families.calendar import CALENDAR
from tasks.procedural.families.hats import HATS
from tasks.procedural.families.lift import LIFT
from tasks.procedural.families.navigation import NAVIGATION
from tasks.procedural.families.object_counting import OBJECT_COUNTING
from tasks.procedural.families.purse import PURSE
from tasks.procedural.families.shuffled_objects import SHUFFLED_OBJECTS
from tasks.procedural.families.switches import SWITCHES_FAMILY
from tasks.procedural.families.truth_tellers import TRUTH_TELLERS
from tasks.procedural.families.word_sorting import WORD_SORTING
from tasks.procedural.family import Family

IND_FAMILIES: tuple[Family, ...] = (
    ARITHMETIC,
    BOOLEAN_EXPRESSIONS,
    CALENDAR,
    NAVIGATION,
    OBJECT_COUNTING,
    SHUFFLED_OBJECTS,
    TRUTH_TELLERS,
    WORD_SORTING,
)
TRANSFER_FAMILIES: tuple[Family, ...] = (HATS, LIFT, PURSE, SWITCHES_FAMILY)
FAMILIES: dict[str, Family] = {f.name: f for f in (*IND_FAMILIES, *TRANSFER_FAMILIES)}


def family_named(name: str) -> Family:
    """The family of that name; UserError where there is none."""
    if name not in FAMILIES:
        raise UserError(f"no generator family {name!r}; there are: {', '.join(FAMILIES)}")
    return FAMILIES[name]
