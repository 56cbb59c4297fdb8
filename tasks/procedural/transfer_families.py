"""Families that no student is trained on: other stories that need the same skills."""

from __future__ import annotations

from tasks.procedural.families.apples import APPLES
from tasks.procedural.families.hats import HATS
from tasks.procedural.families.houses import HOUSES
from tasks.procedural.families.larger_numbers import LARGER_NUMBERS
from tasks.procedural.families.lift import LIFT
from tasks.procedural.families.purse import PURSE
from tasks.procedural.families.swapped_words import SWAPPED_WORDS
from tasks.procedural.families.switches import SWITCHES_FAMILY
from tasks.procedural.families.upright_walks import UPRIGHT_WALKS
from tasks.procedural.families.ups_and_downs import UPS_AND_DOWNS
from tasks.procedural.family import Family

# Trained wordings, filled with what they are never filled with in training.
NEAREST_FAMILIES: tuple[Family, ...] = (LARGER_NUMBERS, SWAPPED_WORDS, UPRIGHT_WALKS)
# Other stories, told in words that occur in training.
NEAR_FAMILIES: tuple[Family, ...] = (APPLES, HOUSES, UPS_AND_DOWNS)
# Other stories, told in words that occur nowhere in training.
FAR_FAMILIES: tuple[Family, ...] = (HATS, LIFT, PURSE, SWITCHES_FAMILY)
TRANSFER_FAMILIES: tuple[Family, ...] = (*NEAREST_FAMILIES, *NEAR_FAMILIES, *FAR_FAMILIES)
