"""Do earlier checkpoints' scores of the same items shorten an interval? By simulation.

    python -m tools.control_variates --replicates 2000

Control variates in the manner of CUPED (Deng et al. 2013, "Improving the sensitivity of online
controlled experiments by utilizing pre-experiment data"): what is measured on n items is regressed
on a covariate x of each, and the estimate is moved to the covariate's mean over a pool of N > n
items, on which the earlier checkpoints were asked and the new ones were not:

    L_x = mean(y) - b (mean_n(x) - mean_N(x)),   V_x = (s_y^2 - r (1 - n/N) ) / n,   r = (b s_x)^2

Without a larger pool (N = n) L_x is mean(y) and V_x its variance: nothing is gained for a claim
about new items, whatever the covariate.

Two covariates: an item's difficulty (its mean over EARLIER checkpoints of the baseline) and its
earlier difference (means of as many checkpoints of both systems). Two targets: the paired
difference of two checkpoints, and one checkpoint's accuracy.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.comparing.simulation import monte_carlo_error

Floats = NDArray[np.float64]

ITEMS, POOL = 300, 3000
EARLIER = 5
EFFECT = 0.08


@dataclass(frozen=True, slots=True)
class World:
    """How systems differ from item to item.

    `difficulty` and `favour` are half-widths, in accuracy, of what both systems share and of what
    stays with one of them from checkpoint to checkpoint; `slope` is how much more the treatment
    gains on an item that is easier by 1.
    """

    name: str
    difficulty: float
    favour: float
    slope: float


WORLDS = (
    World("as in the other simulations", 0.2, 0.05, 0.0),
    World("items from hopeless to sure", 0.42, 0.05, 0.0),
    World("gains on easy items", 0.3, 0.05, 0.3),
    World("systems differ by items", 0.2, 0.2, 0.0),
    World("each system has items of its own", 0.05, 0.8, 0.0),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its standard error."""

    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Found:
    """Over all replicates: bias in points with its standard error, the share of 95% intervals that
    hold the truth, and their mean length over that of the plain ones.
    """

    bias: float
    bias_error: float
    coverage: float
    length: float


def plain(y: Floats) -> Estimate:
    """The mean of y (n,) over items."""
    return Estimate(float(y.mean()), float(y.std(ddof=1) / len(y) ** 0.5))


def adjusted(y: Floats, x: Floats, pool: Floats) -> Estimate:
    """The mean of y (n,), moved to where the covariate x (n,) has its mean over the pool (N,)."""
    n = len(y)
    slope = float(np.cov(x, y)[0, 1] / x.var(ddof=1))
    residual = y - y.mean() - slope * (x - x.mean())
    rest = float((residual**2).sum() / (n - 2))
    explained = slope**2 * float(pool.var(ddof=1))
    value = float(y.mean() - slope * (x.mean() - pool.mean()))
    return Estimate(value, (rest / n + explained / len(pool)) ** 0.5)


def simulated(world: World, rng: np.random.Generator) -> dict[tuple[str, str], Estimate]:
    """Estimates of one draw by (target, covariate); the first ITEMS of the pool are asked anew."""
    difficulty = rng.uniform(-world.difficulty, world.difficulty, POOL)
    favour = rng.uniform(-world.favour, world.favour, POOL)
    gain = EFFECT + favour + world.slope * difficulty
    chances = 0.5 + difficulty - gain / 2, 0.5 + difficulty + gain / 2
    past = [rng.binomial(EARLIER, np.clip(chance, 0, 1)) / EARLIER for chance in chances]
    now = [rng.random(ITEMS) < chance[:ITEMS] for chance in chances]
    paired = now[1].astype(float) - now[0]
    covariates = {"difficulty": past[0], "earlier difference": past[1] - past[0]}
    found = {("paired difference", "none"): plain(paired)}
    for name, pool in covariates.items():
        found["paired difference", name] = adjusted(paired, pool[:ITEMS], pool)
    accuracy = now[1].astype(float)
    found["accuracy", "none"] = plain(accuracy)
    found["accuracy", "difficulty"] = adjusted(accuracy, past[0][:ITEMS], past[0])
    return found


def measured(
    world: World, replicates: int, rng: np.random.Generator
) -> dict[tuple[str, str], Found]:
    """What comes of every target and covariate in this world."""
    from scipy.special import stdtrit

    truths = {"paired difference": EFFECT, "accuracy": 0.5 + EFFECT / 2}
    quantile = float(stdtrit(ITEMS - 2, 0.975))
    draws = [simulated(world, rng) for _ in range(replicates)]
    found = {}
    for target, covariate in draws[0]:
        estimates = [draw[target, covariate] for draw in draws]
        off = np.array([estimate.value for estimate in estimates]) - truths[target]
        errors = np.array([estimate.error for estimate in estimates])
        unadjusted = np.array([draw[target, "none"].error for draw in draws])
        found[target, covariate] = Found(
            bias=float(100 * off.mean()),
            bias_error=float(100 * off.std(ddof=1) / replicates**0.5),
            coverage=float(np.mean(np.abs(off) <= quantile * errors)),
            length=float(errors.mean() / unadjusted.mean()),
        )
    return found


def main(arguments: list[str] | None = None) -> int:
    """Print the table as Markdown, standard errors in brackets."""
    parser = argparse.ArgumentParser(description="Earlier checkpoints as control variates.")
    parser.add_argument("--replicates", type=int, default=2000, help="(default: 2000)")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers (default: 0)")
    args = parser.parse_args(arguments)
    streams = np.random.SeedSequence(args.seed).spawn(len(WORLDS))
    print("| items | target | covariate | bias, points | coverage | length |")
    print("|---|---|---|--:|--:|--:|")
    for world, stream in zip(WORLDS, streams, strict=True):
        found = measured(world, args.replicates, np.random.default_rng(stream))
        for (target, covariate), each in found.items():
            error = 100 * monte_carlo_error(each.coverage, args.replicates)
            print(
                f"| {world.name} | {target} | {covariate} "
                f"| {each.bias:+.2f} ({each.bias_error:.2f}) "
                f"| {100 * each.coverage:.1f} ({error:.1f}) | {each.length:.3f} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
