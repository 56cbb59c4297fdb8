"""What a benchmark found."""

from __future__ import annotations

from dataclasses import dataclass

from harness.timing.interleaved import Timing


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Ratios, each with what is timed, over what, and what is aimed at ("" for nothing); rates in
    words.
    """

    ratios: list[tuple[Timing, str, str, str]]
    rates: list[str]
