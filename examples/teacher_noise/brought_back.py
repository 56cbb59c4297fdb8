"""How much of the accuracy that a noisy teacher costs a filter of its rationales brings back:

    python examples/teacher_noise/brought_back.py SOUND NOISY FILTERED

Each is a run directory (or any logs of the same items), all of one method. With N, A and K their
accuracies, the share is r = (K - A) / (N - A). Its 95% interval is Fieller's: all r for which the
contrast of K with r N + (1 - r) A, of the same items and seeds, could be 0. Where the loss N - A
itself could be 0 it has no end.
"""

import sys
from pathlib import Path

import numpy as np

from reports.logs.joined import Joined, join
from reports.logs.open_side import open_side
from reports.statistics.contrast import Contrast, compare
from reports.statistics.weights import ROLES, design_of

SHARES = np.linspace(-2, 3, 501)


def beyond(joined: Joined, share: float, on: str) -> Contrast:
    """What is brought back beyond this share of the loss, on the items of a role."""
    chosen, design = design_of(joined.items, on)
    sound, noisy, filtered = (correct[:, chosen].astype(float) for correct in joined.correct)
    return compare(filtered, share * sound + (1 - share) * noisy, design)


def interval(joined: Joined, on: str) -> str:
    """The shares that the data allow, as far as they lie within `SHARES`."""
    contrasts = [(share, beyond(joined, share, on)) for share in SHARES]
    allowed = [share for share, found in contrasts if found.lower <= 0 <= found.upper]
    lower = f"{allowed[0]:.2f}" if allowed[0] > SHARES[0] else "no end"
    upper = f"{allowed[-1]:.2f}" if allowed[-1] < SHARES[-1] else "no end"
    return f"{lower} to {upper}"


def told(joined: Joined, on: str) -> str:
    """Accuracies, the share of the loss brought back, and what is beyond half of it."""
    chosen, design = design_of(joined.items, on)
    sound, noisy, filtered = (c[:, chosen].mean(axis=0) @ design.weight for c in joined.correct)
    half = beyond(joined, 0.5, on)
    return (
        f"{ROLES[on]}: sound {sound:.1%}, noisy {noisy:.1%}, filtered {filtered:.1%}; brought back "
        f"{(filtered - noisy) / (sound - noisy):.2f} of the loss (95%: {interval(joined, on)}); "
        f"beyond half of it {half.value:+.1%} ({half.lower:+.1%} to {half.upper:+.1%})"
    )


if __name__ == "__main__":
    if len(sys.argv) == 4:
        joined = join([open_side(Path(path)) for path in sys.argv[1:]])
        for on in sorted(set(joined.items.role)):
            print(told(joined, on))
    else:
        print(__doc__)
