"""How long the offline measures take for many rationales, and in how much memory."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from reports.reasoning.measures import Draw, measure_all, measure_right, shortest_length
from tasks.procedural.suite import training_records

SAMPLES = 8
# Repeated so often, a generated rationale is as long as a large teacher's: about 100 words.
REPEATS = 3
CHANGED_WORDS = 0.15


@dataclass(frozen=True, slots=True)
class Measured:
    """How many rationales of how many words took how long; `peak` memory of the process in GB."""

    rationales: int
    words: float
    seconds: float
    peak: float


def time_measures(count: int) -> Measured:
    """Score `count` rationales, 8 a question, on all measures that need no model, in one
    process.
    """
    words, measured, seconds = 0.0, 0, 0.0
    for draws in _questions(count):
        started = time.perf_counter()
        shortest = shortest_length(draws)
        found = measure_all(draws, ("7",), shortest) | measure_right(draws, shortest)
        seconds += time.perf_counter() - started
        words += len(draws) * found["words"]
        measured += len(draws)
    # Kilobytes, on a Mac bytes.
    unit = 1e9 if sys.platform == "darwin" else 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return Measured(measured, words / measured, seconds, peak)


def _questions(count: int) -> Iterator[list[Draw]]:
    """Samples of generated rationales with some of their words exchanged, so that all differ."""
    rng = random.Random(0)
    texts = [" ".join([r.rationale] * REPEATS) for r in training_records(seed=0, per_family=40)]
    for number in range(max(1, count // SAMPLES)):
        words = texts[number % len(texts)].split()
        yield [
            Draw(
                rationale=" ".join(
                    rng.choice(words) if rng.random() < CHANGED_WORDS else word for word in words
                ),
                parsed=rng.choice("789"),
                correct=rng.random() < 0.5,
                path=rng.choice(["up", "down"]),
                concluded="7",
            )
            for _ in range(SAMPLES)
        ]
