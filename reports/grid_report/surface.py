"""A difference over a grid as a surface of corners, and what it says: pure functions on plain data.

A corner is one student at one value of the outer and one of the inner key. Every corner is a test,
so the p values of a surface are adjusted together by Holm's method: that any corner is found where
no corner has a true difference has a chance of 5% at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from reports.rendering.as_json import flat
from reports.rendering.numerals import points, signed_points
from reports.statistics.contrast import Contrast
from reports.statistics.levels import LEVEL
from reports.statistics.multiplicity import holm
from reports.statistics.readable import ReadSplit
from reports.sweep_report.sweep_summary import on_label

UNREAD = ", mostly by answers that can be read"


@dataclass(frozen=True, slots=True)
class Corner:
    """Treatment - baseline of a student at one place of the grid.

    `outer` and `inner` are labels of values; `baseline` is the baseline's accuracy there, a
    fraction, `seeds` the fewer of the two sides' training seeds; `reading` says how much of the
    difference lies where both sides could be read.
    """

    student: str
    outer: str
    inner: str
    seeds: int
    baseline: float
    contrast: Contrast = field(
        metadata=flat("value", "lower", "upper", "p", "claim", "items", "detectable")
    )
    reading: ReadSplit
    p_adjusted: float = 1.0

    @property
    def found(self) -> bool:
        """Whether the difference remains after the adjustment."""
        return self.p_adjusted < LEVEL


@dataclass(frozen=True, slots=True)
class Surface:
    """The corners of one estimand `on`: "ind", "ood" or a suite."""

    on: str
    corners: tuple[Corner, ...]


def surface(on: str, corners: Iterable[Corner]) -> Surface:
    """The surface of these corners, their p values adjusted for their number (Holm)."""
    raw = tuple(corners)
    adjusted = holm([corner.contrast.p for corner in raw])
    return Surface(on, tuple(replace(c, p_adjusted=p) for c, p in zip(raw, adjusted, strict=True)))


def in_a_sentence(found: Surface, treatment: str, baseline: str) -> str:
    """Where the treatment helps and where it hurts, if anywhere, over all corners."""
    values = [corner.contrast.value for corner in found.corners]
    helped = [c for c in found.corners if c.found and c.contrast.value > 0]
    hurt = [c for c in found.corners if c.found and c.contrast.value < 0]
    spread = f"{signed_points(min(values))} to {signed_points(max(values))} points"
    return (
        f"{treatment} − {baseline} on {on_label(found.on)}: {spread} over {len(values)} corners; "
        f"adjusted for their number (Holm) {treatment} helps {_where(helped)} and hurts "
        f"{_where(hurt)}.{_power(found.corners) if not helped and not hurt else ''}"
    )


def _where(corners: Sequence[Corner]) -> str:
    if not corners:
        return "nowhere"
    told = (
        f"{c.student}, {c.outer}, {c.inner} ({signed_points(c.contrast.value)}"
        f"{UNREAD if c.reading.about_reading else ''})"
        for c in corners
    )
    return f"at {len(corners)}: {'; '.join(told)}"


def _power(corners: Sequence[Corner]) -> str:
    known = [c.contrast.detectable for c in corners if c.contrast.detectable is not None]
    if not known:
        return ""
    return (
        f" That is no evidence of equality: looked at alone, the median corner would show a true "
        f"difference of {points(median(known))} points with 80% probability."
    )
