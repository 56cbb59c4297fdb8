"""A difference counted the other way: as written beside forced answers, or the reverse."""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.rendering.as_json import flat
from reports.statistics.contrast import Contrast


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The same contrast with the other answers, adjusted among the same others of its kind."""

    contrast: Contrast = field(metadata=flat())
    p_adjusted: float


def opposite(first: Contrast, second: Contrast) -> bool:
    """Whether one difference is above zero and the other below it."""
    return first.value * second.value < 0
