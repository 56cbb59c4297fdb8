"""What looking several times costs and saves: simulated candidates whose true loss is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from reports.comparing.gate import GateOutcome
from reports.comparing.simulation import Scenario, Task, draw
from reports.gating.bounds import bounds, least_error, outcome_of
from reports.statistics.contrast import Contrast, compare
from reports.statistics.item_design import ItemDesign, item_design
from reports.statistics.levels import LEVEL
from reports.statistics.scale import Correct
from reports.statistics.spending import nominal_levels, spent

Draw = Callable[[float, np.random.Generator], tuple[Correct, Correct]]
# What a bad candidate loses, in margins.
BAD = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Looking:
    """A kind of candidate and when it is looked at: (items, seeds) at each look.

    `drawn` makes outcomes (seeds, items) of candidate and baseline from a true difference;
    `clusters` (items,) numbers the clusters. `shares`: outcomes are scores within [0, 1], whose
    least error no look knows.
    """

    name: str
    margin: float
    looks: tuple[tuple[int, int], ...]
    clusters: NDArray[np.int64]
    drawn: Draw
    shares: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Which looks are taken (places among all), and the one-sided level of each."""

    name: str
    taken: tuple[int, ...]
    levels: tuple[float, ...]
    planned: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """Of candidates with one true difference: the shares that passed and failed, and the mean
    number of responses that were asked for (items times the candidate's seeds).
    """

    passed: float
    failed: float
    responses: float


@dataclass(frozen=True, slots=True)
class LookRates:
    """What came of one rule where the candidate is equal, loses the margin, loses 2.5 of it."""

    looking: Looking
    rule: Rule
    replicates: int
    equal: Truth
    at_margin: Truth
    bad: Truth


def discordant(
    items: int, share: float, difference: float, rng: np.random.Generator
) -> tuple[Correct, Correct]:
    """One checkpoint a side; such a share of items is right on one side alone."""
    better, worse = (share + difference) / 2, (share - difference) / 2
    kinds = rng.choice(3, (1, items), p=[1 - share, better, worse])
    right = rng.random((1, items)) < 0.6
    return np.where(kinds == 0, right, kinds == 1), np.where(kinds == 0, right, kinds == 2)


def graded(
    items: int, share: float, difference: float, rng: np.random.Generator
) -> tuple[Correct, Correct]:
    """As `discordant`, where an answer that is wrong scores up to 0.2 and a right one 0.8 more."""
    candidate, baseline = discordant(items, share, difference / 0.8, rng)
    least = 0.2 * rng.random((1, items))
    return least + 0.8 * candidate, least + 0.8 * baseline


def of_scenario(
    scenario: Scenario, clusters: NDArray[np.int64], difference: float, rng: np.random.Generator
) -> tuple[Correct, Correct]:
    """As `reports/comparing/simulation.py` draws them."""
    return draw(scenario, difference, clusters, rng)


def _spread(groups: int, size: int) -> NDArray[np.int64]:
    """The clusters of items whose order has nothing to do with them."""
    return np.tile(np.arange(groups), size)


ALONE = np.arange(3200)
IN_TENS = _spread(200, 10)
SEVERAL = np.arange(300)
EVEN = tuple((640 * k, 1) for k in range(1, 6))
LOOKINGS = (
    Looking("3,200 items, 20% discordant", 0.02, EVEN, ALONE, partial(discordant, 3200, 0.2)),
    Looking("3,200 items, 5% discordant", 0.02, EVEN, ALONE, partial(discordant, 3200, 0.05)),
    Looking(
        "3,200 scores, 6.5% differ",
        0.02,
        EVEN,
        ALONE,
        partial(graded, 3200, 0.065),
        shares=True,
    ),
    Looking(
        "2,000 items in clusters of 10",
        0.05,
        tuple((400 * k, 1) for k in range(1, 6)),
        IN_TENS,
        partial(of_scenario, Scenario("", 1, False, (Task("ood", (10,) * 200),)), IN_TENS),
    ),
    Looking(
        "300 items, 3, 5 and 8 seeds",
        0.05,
        ((300, 3), (300, 5), (300, 8)),
        SEVERAL,
        partial(of_scenario, Scenario("", 8, True, (Task("ood", (1,) * 300),)), SEVERAL),
    ),
)


def rules_of(looking: Looking) -> tuple[Rule, ...]:
    """One look at the end, all looks at the level of one, and looks as planned."""
    number = len(looking.looks)
    every = tuple(range(number))
    responses = [float(items * seeds) for items, seeds in looking.looks]
    errors = [spent(each / responses[-1], LEVEL) for each in responses]
    return (
        Rule("one look at the end", (number - 1,), (LEVEL,), planned=False),
        Rule(f"{number} looks, unplanned", every, (LEVEL,) * number, planned=False),
        Rule(f"{number} looks, planned", every, tuple(nominal_levels(responses, errors)), True),
    )


def look_rates(looking: Looking, replicates: int, rng: np.random.Generator) -> list[LookRates]:
    """Simulate so many candidates of each truth; every rule sees the same ones."""
    designs = [_design(looking.clusters[:items]) for items, _ in looking.looks]
    truths = []
    for difference in (0.0, -looking.margin, -BAD * looking.margin):
        seen = [_contrasts(looking, designs, difference, rng) for _ in range(replicates)]
        truths.append([_truth(looking, rule, designs, seen) for rule in rules_of(looking)])
    return [
        LookRates(looking, rule, replicates, *of_rule)
        for rule, *of_rule in zip(rules_of(looking), *truths, strict=True)
    ]


def _design(clusters: NDArray[np.int64]) -> ItemDesign:
    return item_design(["t"] * len(clusters), list(map(str, clusters)), {"t": 1.0})


def _contrasts(
    looking: Looking, designs: Sequence[ItemDesign], difference: float, rng: np.random.Generator
) -> list[Contrast]:
    """The contrast at each look."""
    candidate, baseline = looking.drawn(difference, rng)
    return [
        compare(candidate[:seeds, :items], baseline[:seeds, :items], design)
        for (items, seeds), design in zip(looking.looks, designs, strict=True)
    ]


def _truth(
    looking: Looking, rule: Rule, designs: Sequence[ItemDesign], seen: Sequence[list[Contrast]]
) -> Truth:
    outcomes, responses = [], []
    for contrasts in seen:
        outcome, look = _followed(looking, rule, designs, contrasts)
        items, seeds = looking.looks[look]
        outcomes.append(outcome)
        responses.append(items * seeds)
    return Truth(
        passed=outcomes.count("PASS") / len(seen),
        failed=outcomes.count("FAIL") / len(seen),
        responses=float(np.mean(responses)),
    )


def _followed(
    looking: Looking, rule: Rule, designs: Sequence[ItemDesign], contrasts: list[Contrast]
) -> tuple[GateOutcome, int]:
    """What the rule decides, and at which look."""
    for look, level in zip(rule.taken, rule.levels, strict=True):
        seeds = looking.looks[look][1]
        floored = rule.planned and not looking.shares
        least = least_error(designs[look], looking.margin, seeds) if floored else 0.0
        found = bounds(contrasts[look], level, least)
        outcome = outcome_of(*found, looking.margin) if found else "INCONCLUSIVE"
        if outcome != "INCONCLUSIVE":
            return outcome, look
    return "INCONCLUSIVE", rule.taken[-1]
