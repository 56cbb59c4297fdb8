"""Whether the statistics hold: how often they err on runs whose true difference is known.

A run of two methods is drawn so that everything that makes real results vary is there: items of
different difficulty that both methods share, items and clusters that favour one of them, training
seeds, chance. All effects are added on the scale of accuracy and are small enough never to leave
[0, 1], so the true difference between the methods, over new items, clusters and seeds, is exact.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.comparing.gate import decide
from reports.items import Item, Items
from reports.logs.joined import Joined
from reports.statistics.contrast import compare
from reports.statistics.item_design import ItemDesign
from reports.statistics.levels import LEVEL
from reports.statistics.weights import EVERYTHING, GAP, design_of

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

EFFECT = 0.08
MARGIN = 0.05
# Half-widths of the uniform effects, in accuracy.
DIFFICULTY = 0.2
ITEM_EFFECT = 0.05
CLUSTER_EFFECT = 0.12
SEED_EFFECT = 0.06


@dataclass(frozen=True, slots=True)
class Task:
    """A task: the role of its suite, and how many items each of its clusters has."""

    role: str
    clusters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A kind of run: seeds a side, whether seeds differ, its tasks, and the estimand `on`."""

    name: str
    seeds: int
    seed_effects: bool
    tasks: tuple[Task, ...]
    on: str = EVERYTHING
    stress: bool = False


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of simulated runs. `size` and `naive` are false positives at 5%; `coverage` is that
    of the
    95% interval where methods are equal and where they differ, the lower of both; `power` to find a
    difference of EFFECT; `gate_passes` at a true loss of the margin (not for a gap).
    """

    scenario: Scenario
    replicates: int
    size: float
    coverage: float
    power: float
    gate_passes: float | None
    naive: dict[str, float]


INDEPENDENT = (1,) * 300
UNEQUAL_TASKS = tuple(Task("ood", (1,) * count) for count in (20, 60, 150, 300))
TEN_UNEQUAL = tuple(range(5, 55, 5))
TWENTY_FIVE = (12,) * 25
VERY_UNEQUAL = (1, 1, 2, 3, 5, 10, 20, 40, 80, 150)
TWO_ROLES = (Task("ind", (1,) * 200), Task("ood", (1,) * 80), Task("ood", TWENTY_FIVE))

SCENARIOS = (
    *(
        Scenario(
            f"{name}, {seeds} seeds{'' if effects else ', no seed effect'}", seeds, effects, tasks
        )
        for name, tasks in (
            ("one task", (Task("ood", INDEPENDENT),)),
            ("four unequal tasks", UNEQUAL_TASKS),
            ("10 unequal clusters", (Task("ood", TEN_UNEQUAL),)),
            ("25 clusters", (Task("ood", TWENTY_FIVE),)),
        )
        for seeds in (3, 5)
        for effects in (True, False)
    ),
    Scenario("OOD contrast, 3 seeds", 3, True, TWO_ROLES, "ood"),
    Scenario("OOD contrast, 5 seeds", 5, True, TWO_ROLES, "ood"),
    Scenario("generalization gap, 3 seeds", 3, True, TWO_ROLES, GAP),
    Scenario("generalization gap, 5 seeds", 5, True, TWO_ROLES, GAP),
    Scenario(
        "10 very unequal clusters, 3 seeds", 3, True, (Task("ood", VERY_UNEQUAL),), stress=True
    ),
)


def items_of(scenario: Scenario) -> Items:
    """The items of a scenario, each task a suite of its own."""
    return Items.of(
        Item(f"t{t}", task.role, f"t{t}", id=f"t{t}/{g}/{i}", cluster=f"t{t}/{g}")
        for t, task in enumerate(scenario.tasks)
        for g, size in enumerate(task.clusters)
        for i in range(size)
    )


def draw(
    scenario: Scenario, effect: float, cluster: NDArray[np.int64], rng: np.random.Generator
) -> tuple[Bools, Bools]:
    """Outcomes (seeds, items) of treatment and baseline whose true accuracies differ by `effect`.

    `cluster` (items,) numbers the clusters. Clusters of one item have no effect of their own.
    """
    n = len(cluster)
    sizes = np.bincount(cluster)
    of_cluster = rng.uniform(-CLUSTER_EFFECT, CLUSTER_EFFECT, len(sizes)) * (sizes > 1)
    favour = of_cluster[cluster] + rng.uniform(-ITEM_EFFECT, ITEM_EFFECT, n)
    level = 0.5 + rng.uniform(-DIFFICULTY, DIFFICULTY, n)
    spread = SEED_EFFECT if scenario.seed_effects else 0.0
    sides = []
    for sign in (1, -1):
        seed = rng.uniform(-spread, spread, (scenario.seeds, 1))
        chance = level + sign * (favour + effect) / 2 + seed
        sides.append(rng.random((scenario.seeds, n)) < chance)
    return sides[0], sides[1]


def rates(scenario: Scenario, replicates: int, rng: np.random.Generator) -> Rates:
    """Simulate `replicates` runs of equal methods, as many that differ, as many that lose the
    margin.
    """
    items = items_of(scenario)
    chosen, design = design_of(items, scenario.on)
    part = items[chosen]
    cluster = np.unique(part.cluster, return_inverse=True)[1]
    # A true gap differs where the methods differ in-domain alone.
    ind = (part.role == "ind").astype(float)
    where = ind if scenario.on == GAP else np.ones(len(part))
    null = [draw(scenario, 0.0, cluster, rng) for _ in range(replicates)]
    contrasts = [compare(a, b, design) for a, b in null]
    real = []
    for _ in range(replicates):
        a, b = _draw_where(scenario, EFFECT, cluster, where, rng)
        real.append(compare(a, b, design))
    covered = (
        np.mean([c.lower <= 0 <= c.upper for c in contrasts]),
        np.mean([c.lower <= EFFECT <= c.upper for c in real]),
    )
    return Rates(
        scenario=scenario,
        replicates=replicates,
        size=float(np.mean([c.p < LEVEL for c in contrasts])),
        coverage=float(min(covered)),
        power=float(np.mean([c.p < LEVEL and c.value > 0 for c in real])),
        gate_passes=None
        if scenario.on == GAP
        else _gate_passes(scenario, part, cluster, replicates, rng),
        naive={
            name: float(np.mean([test(a, b, design) < LEVEL for a, b in null]))
            for name, test in NAIVE.items()
        },
    )


def pooled_rows(treatment: Bools, baseline: Bools, design: ItemDesign) -> float:
    """p of a paired z test that takes every row of every seed as an item of its own."""
    difference = treatment.astype(float) - baseline
    weight = np.broadcast_to(design.weight / len(treatment), difference.shape)
    return _p(float((weight * difference).sum()), float(((weight * difference) ** 2).sum()))


def independent_samples(treatment: Bools, baseline: Bools, design: ItemDesign) -> float:
    """p of a z test between two accuracies, as if their items were not the same."""
    variance = 0.0
    for side in (treatment, baseline):
        right = side.mean()
        variance += float((design.weight**2).sum() * right * (1 - right) / len(side))
    value = float((treatment.mean(axis=0) - baseline.mean(axis=0)) @ design.weight)
    return _p(value, variance)


def one_seed(treatment: Bools, baseline: Bools, design: ItemDesign) -> float:
    """p of the right test for two checkpoints, read as if it spoke of methods."""
    return compare(treatment[:1], baseline[:1], design).p


NAIVE: dict[str, Callable[[Bools, Bools, ItemDesign], float]] = {
    "rows pooled over seeds": pooled_rows,
    "independent samples": independent_samples,
    "one seed": one_seed,
}


def monte_carlo_error(share: float, replicates: int) -> float:
    """The standard error of a simulated share."""
    return float(np.sqrt(share * (1 - share) / replicates))


def _draw_where(
    scenario: Scenario,
    effect: float,
    cluster: NDArray[np.int64],
    where: Floats,
    rng: np.random.Generator,
) -> tuple[Bools, Bools]:
    """As `draw`, with the effect on the items that `where` (items,) marks with 1 alone."""
    marked = where.astype(bool)
    if marked.all():
        return draw(scenario, effect, cluster, rng)
    state = rng.bit_generator.state
    with_effect = draw(scenario, effect, cluster, rng)
    rng.bit_generator.state = state
    without = draw(scenario, 0.0, cluster, rng)
    treatment, baseline = (
        np.where(marked, changed, same) for changed, same in zip(with_effect, without, strict=True)
    )
    return treatment, baseline


def _gate_passes(
    scenario: Scenario,
    items: Items,
    cluster: NDArray[np.int64],
    replicates: int,
    rng: np.random.Generator,
) -> float:
    passed = 0
    for _ in range(replicates):
        candidate, baseline = draw(scenario, -MARGIN, cluster, rng)
        joined = Joined(
            names=("baseline", "candidate"),
            items=items,
            correct=(baseline, candidate),
            responses=(np.zeros(baseline.shape, np.int64), np.ones(candidate.shape, np.int64)),
            left_out=(0, 0),
            read=(None, None),
            as_written=(None, None),
        )
        passed += decide(joined, MARGIN).outcome == "PASS"
    return passed / replicates


def _p(value: float, variance: float) -> float:
    from scipy.special import ndtr

    return 1.0 if variance == 0 else float(2 * ndtr(-abs(value) / variance**0.5))
