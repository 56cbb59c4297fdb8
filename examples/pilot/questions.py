"""Makes the tables of docs/pilot.md, as a quality desk might have them: python questions.py

`questions.csv` holds 60 core questions of three kinds, `recent.csv` 30 newer ones of the same
kinds, `cases.csv` 30 of other kinds, from other places.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

Row = tuple[str, str, str]  # instruction, question, answer


def packed(rng: random.Random) -> Row:
    """Boxes of parts, some of them rejected."""
    boxes, parts = rng.randint(3, 12), rng.randint(4, 12)
    bad = rng.randint(2, boxes * parts // 3)
    question = (
        f"Batch {rng.randint(100, 999)}: {boxes} boxes of {parts} parts were packed, and {bad} "
        "parts were rejected. How many good parts are left?"
    )
    return "", question, str(boxes * parts - bad)


def gauged(rng: random.Random) -> Row:
    """Readings that lie outside of what an instruction allows."""
    low = rng.choice((20, 35, 50))
    readings = rng.sample(range(low - 6, low + 17), 4)
    outside = sum(not low <= reading <= low + 10 for reading in readings)
    first, *rest = map(str, readings)
    question = (
        f"A gauge read {first}, {', '.join(rest[:-1])} and {rest[-1]}. How many of these readings "
        "are outside?"
    )
    return f"Instruction: a gauge may read from {low} to {low + 10}.", question, str(outside)


def made(rng: random.Random) -> Row:
    """Hours at a rate, less those that the line stood still."""
    rate, hours = rng.randint(4, 15), rng.randint(5, 9)
    stood = rng.randint(1, 3)
    question = (
        f"Line {rng.randint(1, 9)} makes {rate} parts an hour. Of a shift of {hours} hours it "
        f"stood still for {stood}. How many parts did it make?"
    )
    return "", question, str(rate * (hours - stood))


def canteen(rng: random.Random) -> Row:
    """Trays and rolls: boxes and parts in other words."""
    trays, rolls = rng.randint(3, 9), rng.randint(6, 12)
    stale = rng.randint(2, trays * rolls // 3)
    question = (
        f"The canteen was sent {trays} trays with {rolls} rolls each. It threw {stale} stale ones "
        "away. What number of rolls could be sold?"
    )
    return "", question, str(trays * rolls - stale)


def garden(rng: random.Random) -> Row:
    """A rate, and hours without it, in a garden."""
    rows, days = rng.randint(4, 12), rng.randint(4, 8)
    rain = rng.randint(1, 3)
    question = (
        f"A gardener plants {rows} rows a day, but not when it rains. In {days} days it rained on "
        f"{rain}. What number of rows were planted?"
    )
    return "", question, str(rows * (days - rain))


def draw(kinds: list[Callable[[random.Random], Row]], each: int, rng: random.Random) -> list[Row]:
    """So many different questions of each kind."""
    rows: dict[Row, None] = {}
    for kind in kinds:
        wanted = len(rows) + each
        while len(rows) < wanted:
            rows[kind(rng)] = None
    return list(rows)


def write(path: Path, rows: list[Row]) -> None:
    """The table of these questions."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("instruction", "question", "answer"))
        table.writerows(rows)
    print(f"{path.name}: {len(rows)} questions")


if __name__ == "__main__":
    here, rng = Path(__file__).parent, random.Random(1)
    desk = draw([packed, gauged, made], each=30, rng=rng)
    write(here / "questions.csv", [row for i, row in enumerate(desk) if i % 3])
    write(here / "recent.csv", desk[::3])
    write(here / "cases.csv", draw([canteen, garden], each=15, rng=rng))
