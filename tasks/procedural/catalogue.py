"""All generator families, trained ones first."""

from __future__ import annotations

from tasks.procedural.families.arithmetic import ARITHMETIC
from tasks.procedural.families.boolean_expressions import BOOLEAN_EXPRESSIONS
from tasks.procedural.families.calendar import CALENDAR
from tasks.procedural.families.navigation import NAVIGATION
from tasks.procedural.families.object_counting import OBJECT_COUNTING
from tasks.procedural.families.shuffled_objects import SHUFFLED_OBJECTS
from tasks.procedural.families.truth_tellers import TRUTH_TELLERS
from tasks.procedural.families.word_sorting import WORD_SORTING
from tasks.procedural.family import Family
from tasks.procedural.transfer_families import TRANSFER_FAMILIES

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
FAMILIES: dict[str, Family] = {f.name: f for f in (*IND_FAMILIES, *TRANSFER_FAMILIES)}
