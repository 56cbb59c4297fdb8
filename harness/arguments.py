"""Arguments of the command line, checked as they are read: others exit with argparse's status 2."""

from __future__ import annotations

import math
from argparse import ArgumentTypeError
from pathlib import Path

LARGEST_SEED = 2**32 - 1  # what NumPy takes


def positive(text: str) -> int:
    """A whole number of at least 1."""
    return _whole(text, least=1)


def count(text: str) -> int:
    """A whole number of at least 0."""
    return _whole(text, least=0)


def seed(text: str) -> int:
    """A seed of random numbers: 0 to 2^32 - 1."""
    value = _whole(text, least=0)
    if value > LARGEST_SEED:
        raise ArgumentTypeError(f"{text} is above {LARGEST_SEED}")
    return value


def share(text: str) -> float:
    """A number between 0 and 1, both excluded."""
    value = _number(text)
    if not 0 < value < 1:
        raise ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def margin(text: str) -> float:
    """A loss above 0; whether it may be 1 or more depends on the scores."""
    value = _number(text)
    if not (value > 0 and math.isfinite(value)):
        raise ArgumentTypeError(f"{text[:40]!r} is not above 0; 0.02 means 2 percentage points")
    return value


def non_negative(text: str) -> float:
    """A finite number of at least 0."""
    value = _number(text)
    if not (value >= 0 and math.isfinite(value)):
        raise ArgumentTypeError(f"{text[:40]!r} is not a number of at least 0")
    return value


def directory(text: str) -> Path:
    """A directory that is there."""
    if not (path := Path(text)).is_dir():
        raise ArgumentTypeError(f"{text}: no such directory")
    return path


def _whole(text: str, *, least: int) -> int:
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if value < least:
        raise ArgumentTypeError(f"{text[:40]!r} is not a whole number of at least {least}")
    return value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"{text[:40]!r} is not a number") from None
