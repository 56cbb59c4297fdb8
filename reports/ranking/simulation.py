"""Whether a ranking holds: how often it errs on systems whose true order is known.

Systems are drawn as in reports/comparing/simulation.py, each with items, clusters and seeds that
favour or fail it, so that two of them differ as two methods do there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.comparing.simulation import (
    CLUSTER_EFFECT,
    DIFFICULTY,
    INDEPENDENT,
    ITEM_EFFECT,
    SEED_EFFECT,
    TEN_UNEQUAL,
    TWENTY_FIVE,
    UNEQUAL_TASKS,
    Scenario,
    Task,
    items_of,
    outcomes,
)
from reports.statistics.item_design import ItemDesign
from reports.statistics.levels import LEVEL
from reports.statistics.scale import Correct, scale_of
from reports.statistics.simultaneous import AllPairs, all_pairs
from reports.statistics.weights import design_of

SYSTEMS = 8
# Between neighbours where systems differ.
STEP = 0.02
# Of the joint distribution, a run; the command takes more.
DRAWS = 1_000


@dataclass(frozen=True, slots=True)
class RankScenario:
    """A run of SYSTEMS systems; the half-width of seed effects is `uneven` times as large for the
    first two of them.
    """

    run: Scenario
    uneven: float = 1.0

    @property
    def name(self) -> str:
        """What it is called."""
        return self.run.name


@dataclass(frozen=True, slots=True)
class RankRates:
    """Shares of simulated runs: `family` where any two equal systems are told apart, `unadjusted`
    where any pair's own p is below 5%; `coverage` where all simultaneous intervals hold the true
    differences of systems STEP apart; `wrong` where two such systems are told apart the wrong way
    round. `found` is the mean share of their pairs that are told apart.
    """

    scenario: RankScenario
    replicates: int
    family: float
    unadjusted: float
    coverage: float
    wrong: float
    found: float


def _scenario(name: str, seeds: int, tasks: Sequence[Task], *, effects: bool = True) -> Scenario:
    return Scenario(name, seeds, effects, tuple(tasks))


_CLUSTERED, _UNEQUAL, _INDEPENDENT = (
    [Task("ood", clusters)] for clusters in (TWENTY_FIVE, TEN_UNEQUAL, INDEPENDENT)
)
RANK_SCENARIOS = (
    RankScenario(_scenario("8 systems, 25 clusters, 3 seeds", 3, _CLUSTERED)),
    RankScenario(_scenario("8 systems, 25 clusters, 5 seeds", 5, _CLUSTERED)),
    RankScenario(
        _scenario("8 systems, 25 clusters, 3 seeds, no seed effect", 3, _CLUSTERED, effects=False)
    ),
    RankScenario(_scenario("8 systems, 25 clusters, 3 uneven seeds", 3, _CLUSTERED), uneven=2.5),
    RankScenario(_scenario("8 systems, one task, 3 uneven seeds", 3, _INDEPENDENT), uneven=2.5),
    RankScenario(_scenario("8 systems, one task, 2 seeds", 2, _INDEPENDENT)),
    RankScenario(_scenario("8 systems, 10 unequal clusters, 3 seeds", 3, _UNEQUAL)),
    RankScenario(_scenario("8 systems, one task, 3 seeds", 3, _INDEPENDENT)),
    RankScenario(_scenario("8 systems, four unequal tasks, 3 seeds", 3, UNEQUAL_TASKS)),
    RankScenario(_scenario("8 checkpoints, 25 clusters", 1, _CLUSTERED, effects=False)),
    RankScenario(_scenario("8 checkpoints, 10 unequal clusters", 1, _UNEQUAL, effects=False)),
    RankScenario(_scenario("8 checkpoints, one task", 1, _INDEPENDENT, effects=False)),
)


def draw_systems(
    scenario: RankScenario,
    effects: Sequence[float],
    cluster: NDArray[np.int64],
    rng: np.random.Generator,
) -> list[Correct]:
    """Outcomes (seeds, items) of systems whose true accuracies are 0.5 + `effects`.

    `cluster` (items,) numbers the clusters. Clusters of one item have no effect of their own.
    """
    n, sizes = len(cluster), np.bincount(cluster)
    level = 0.5 + rng.uniform(-DIFFICULTY, DIFFICULTY, n)
    # The difference of two systems' own effects varies as the one effect of a pair does.
    own = 2**-0.5
    systems = []
    for system, effect in enumerate(effects):
        of_cluster = rng.uniform(-1, 1, len(sizes)) * own * CLUSTER_EFFECT * (sizes > 1)
        favour = of_cluster[cluster] + rng.uniform(-1, 1, n) * own * ITEM_EFFECT
        spread = SEED_EFFECT * scenario.run.seed_effects * (scenario.uneven if system < 2 else 1.0)
        seed = rng.uniform(-spread, spread, (scenario.run.seeds, 1))
        systems.append(outcomes(scenario.run, level + favour + effect + seed, rng))
    return systems


def rank_rates(scenario: RankScenario, replicates: int, rng: np.random.Generator) -> RankRates:
    """Simulate `replicates` runs of equal systems, and as many of systems STEP apart."""
    items = items_of(scenario.run)
    _, design = design_of(items, scenario.run.on)
    cluster = np.unique(items.cluster, return_inverse=True)[1]
    apart = [STEP * (place - (SYSTEMS - 1) / 2) for place in range(SYSTEMS)]
    null = [
        _ranked(draw_systems(scenario, [0.0] * SYSTEMS, cluster, rng), design, rng)
        for _ in range(replicates)
    ]
    real = [
        _ranked(draw_systems(scenario, apart, cluster, rng), design, rng) for _ in range(replicates)
    ]
    first, second = np.triu_indices(SYSTEMS, 1)
    truth = np.array(apart)[first] - np.array(apart)[second]
    return RankRates(
        scenario=scenario,
        replicates=replicates,
        family=float(np.mean([pairs.differ.any() for pairs in null])),
        unadjusted=float(np.mean([(pairs.p < LEVEL).any() for pairs in null])),
        coverage=float(
            np.mean([((each.lower <= truth) & (truth <= each.upper)).all() for each in real])
        ),
        wrong=float(np.mean([(each.differ & (each.value * truth < 0)).any() for each in real])),
        found=float(np.mean([each.differ.mean() for each in real])),
    )


def _ranked(systems: Sequence[Correct], design: ItemDesign, rng: np.random.Generator) -> AllPairs:
    return all_pairs(systems, design, scale_of(systems), rng, draws=DRAWS)
