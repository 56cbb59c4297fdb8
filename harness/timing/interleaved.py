"""Interleaved timing: contenders take turns within a round, so a machine's drift hits all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each contender, one list a contender, rounds in the same order."""

    seconds: dict[str, list[float]]

    def median(self, name: str) -> float:
        """The median time of a contender."""
        return median(self.seconds[name])

    def ratio(self, name: str, to: str) -> float:
        """The median over rounds of one contender's time over another's of the same round."""
        pairs = zip(self.seconds[name], self.seconds[to], strict=True)
        return median(a / b for a, b in pairs)


def interleaved(
    contenders: Mapping[str, Callable[[], object]], *, rounds: int, warmup: int = 1
) -> Timing:
    """Time every contender once a round, after `warmup` rounds that do not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(warmup + rounds):
        for name, work in contenders.items():
            started = time.perf_counter()
            work()
            if turn >= warmup:
                seconds[name].append(time.perf_counter() - started)
    return Timing(seconds)
