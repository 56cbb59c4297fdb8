"""What so many items can show, before anything has been asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reports.statistics.power import Pilot, detectable, items_needed
from tasks.problem import Problem

SEEDS = (1, 3, 5)
AIM = 0.02  # accuracy


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is not known before two systems have answered; `cascod power` tells it afterwards.

    They disagree on a share `discordant` of the items, and half of that is what two seeds of one
    method would disagree on as well. Accuracies vary over seeds with a standard deviation of
    `seed_sd`. Two items of one cluster are `alike` (intraclass correlation of the difference).
    """

    discordant: float = 0.2
    seed_sd: float = 0.02
    alike: float = 0.1


@dataclass(frozen=True, slots=True)
class Shown:
    """With so many `seeds` a side: the smallest true difference found with 80% power, and how many
    more items would find 2 points (None: no number does). One seed: these checkpoints alone.
    """

    seeds: int
    detectable: float
    more_items: int | None


def cluster_effect(items: Sequence[Problem], alike: float) -> float:
    """How much larger the variance of a mean is than that of independent items: Kish's
    1 + (m - 1) rho, m being the mean size of an item's cluster.
    """
    sizes = Counter(item.cluster for item in items).values()
    return 1 + (sum(size**2 for size in sizes) / len(items) - 1) * alike


def resolution(items: Sequence[Problem], assumed: Assumed = Assumed()) -> tuple[Shown, ...]:
    """What the suite can show with 1, 3 and 5 seeds; () where it has fewer than 2 clusters."""
    n, clusters = len(items), len({item.cluster for item in items})
    if clusters < 2:
        return ()
    half = assumed.discordant / 2
    plan = Pilot(
        item=half * cluster_effect(items, assumed.alike),
        seeds=2 * assumed.seed_sd**2,
        residual=half,
        item_df_share=(clusters - 1) / n,
    )
    shown = []
    for seeds in SEEDS:
        needed = items_needed(plan, AIM, seeds)
        more = None if needed is None else max(0, needed - n)
        shown.append(Shown(seeds, min(1.0, detectable(plan, n, seeds)), more))
    return tuple(shown)
