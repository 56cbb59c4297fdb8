"""A measure of rationales: in how many ways the samples of a question begin.

In the project the function would stand in a file of `reports/reasoning/`, OPENINGS in the table
`MEASURES` of `reports/reasoning/measures.py`, and the call in that file's `measure_all`.
"""

from collections.abc import Sequence

import numpy as np

from reports.reasoning.measures import Measure
from reports.reasoning.word_counts import words
from reports.statistics.contrast import compare
from reports.statistics.item_design import item_design

OPENINGS = Measure(
    "openings",
    "openings",
    "Different first sentences, as a share: 0 all begin alike, 1 each its own. Says nothing of "
    "what follows, and a student that begins with a restated question begins alike.",
)


def openings(rationales: Sequence[str]) -> float:
    """How many of k >= 2 rationales begin differently, case and blanks aside, scaled to [0, 1]."""
    different = {words(text.partition(".")[0]) for text in rationales}
    return (len(different) - 1) / (len(rationales) - 1)


if __name__ == "__main__":
    alike = ["Add 2. So 4.", "Add 2. That is 4.", "Add 2. The sum is 4."]
    mixed = ["Add 2. So 4.", "Count on: 3, 4. So 4.", "Twice 2. So 4."]
    most, few = openings(mixed), openings(alike)
    # A row for each training seed, a column for each question; every question is its own cluster.
    wide = np.array([[most] * 20 + [few] * 4, [most] * 18 + [few] * 6])
    narrow = np.array([[few] * 20 + [most] * 4, [few] * 21 + [most] * 3])
    tasks, clusters = ["sums", "days"] * 12, [str(question) for question in range(24)]
    found = compare(wide, narrow, item_design(tasks, clusters, {"sums": 0.5, "days": 0.5}))
    print(
        f"{OPENINGS.title}: {found.value:+.2f}, 95% interval {found.lower:+.2f} to "
        f"{found.upper:+.2f}"
    )
