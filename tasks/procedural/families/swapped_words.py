"""Nearest transfer: swaps as they are trained, of things that were never swapped."""

from __future__ import annotations

from functools import partial

from tasks.procedural.families.shuffled_objects import SHUFFLED_OBJECTS, TEMPLATES
from tasks.procedural.families.word_sorting import WORDS
from tasks.procedural.family import Family
from tasks.procedural.skills.swaps import swaps_item
from tasks.procedural.vocabulary import LETTERS

SWAPPED_WORDS = Family(
    name="swapped_words",
    description=SHUFFLED_OBJECTS.description,
    skill="swaps",
    role="transfer",
    answer_type="choice",
    answers=LETTERS,
    sizes=(2, 3),
    generate=partial(swaps_item, "swapped_words", TEMPLATES, things=WORDS),
)
