"""Families that no student is trained on: other stories that need the same skills."""

from __future__ import annotations

from tasks.procedural.families.hats import HATS
from tasks.procedural.families.lift import LIFT
from tasks.procedural.families.purse import PURSE
from tasks.procedural.families.switches import SWITCHES_FAMILY
from tasks.procedural.family import Family

TRANSFER_FAMILIES: tuple[Family, ...] = (HATS, LIFT, PURSE, SWITCHES_FAMILY)
