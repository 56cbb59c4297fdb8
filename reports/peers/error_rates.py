"""How often ours and the other packages err on the same simulated runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from reports.comparing.simulation import MARGIN, Scenario, Task, draw, items_of
from reports.peers.ask import Peers
from reports.statistics.contrast import Contrast, compare, t_quantile
from reports.statistics.item_design import ItemDesign
from reports.statistics.levels import LEVEL
from reports.statistics.scale import Correct
from reports.statistics.weights import EVERYTHING, design_of

OURS = "cascod"


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of run that everyone is asked about, with or without the question of a gate."""

    scenario: Scenario
    gate: bool = False

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name


CASES = (
    Case(Scenario("3 seeds, 700 items", 3, True, (Task("ood", (1,) * 700),)), gate=True),
    Case(
        Scenario("10 unequal clusters, 5 seeds", 5, True, (Task("ood", tuple(range(30, 330, 30))),))
    ),
    Case(
        Scenario("1 checkpoint, clusters of 3", 1, False, (Task("ood", (3,) * 133 + (1,)),)),
        gate=True,
    ),
)


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Shares of a case's replicates for one package, or one gate of a package.

    `size`: equal methods called different at 5%; `coverage`: 95% intervals of theirs that hold a
    difference of zero; `passes_at_margin` and `equal_passes`: candidates that truly lose the
    margin, or nothing, and pass. None where that was not asked.
    """

    case: Case
    who: str
    replicates: int
    size: float | None
    coverage: float | None
    passes_at_margin: float | None
    equal_passes: float | None


def error_rates(
    case: Case, replicates: int, peers: Peers, rng: np.random.Generator
) -> list[ErrorRates]:
    """Ours and every package on `replicates` runs of equal methods, and as many that lose."""
    items = items_of(case.scenario)
    _, design = design_of(items, EVERYTHING)
    cluster = np.unique(items.cluster, return_inverse=True)[1]
    clustered = len(np.unique(cluster)) < len(cluster)
    clusters: list[int] | None = cluster.tolist() if clustered else None
    counts: dict[str, Counter[str]] = {
        question: Counter() for question in ("differs", "covers", "at margin", "equal")
    }
    for _ in range(replicates):
        equal = draw(case.scenario, 0.0, cluster, rng)
        found = peers.ask(*equal, clusters, None)
        found[OURS] = _ours(*equal, design)
        for who, (differs, lower, upper) in found.items():
            counts["differs"][who] += differs
            counts["covers"][who] += lower <= 0 <= upper
        if case.gate:
            losing = draw(case.scenario, -MARGIN, cluster, rng)
            for question, sides in (("equal", equal), ("at margin", losing)):
                passes = peers.ask(*sides, clusters, MARGIN)
                passes[OURS] = _lower_bound(compare(*sides, design)) > -MARGIN
                counts[question].update({who: int(passed) for who, passed in passes.items()})

    def share(question: str, who: str) -> float | None:
        return counts[question][who] / replicates if who in counts[question] else None

    asked = dict.fromkeys(who for counter in counts.values() for who in counter)
    return [
        ErrorRates(
            case=case,
            who=who,
            replicates=replicates,
            size=share("differs", who),
            coverage=share("covers", who),
            passes_at_margin=share("at margin", who),
            equal_passes=share("equal", who),
        )
        for who in sorted(asked, key=lambda who: (who != OURS, who))
    ]


def _ours(candidate: Correct, baseline: Correct, design: ItemDesign) -> tuple[bool, float, float]:
    contrast = compare(candidate, baseline, design)
    return contrast.p < LEVEL, contrast.lower, contrast.upper


def _lower_bound(contrast: Contrast) -> float:
    """The one-sided 95% bound that `cascod gate` holds against the margin."""
    assert contrast.df is not None
    assert contrast.standard_error is not None
    return contrast.value - t_quantile(1 - LEVEL, contrast.df) * contrast.standard_error
