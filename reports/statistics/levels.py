"""The levels that every test, interval and power figure of the project is made at."""

from __future__ import annotations

LEVEL = 0.05
CONFIDENCE = 1 - LEVEL
POWER = 0.80
