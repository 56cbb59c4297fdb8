"""Whose seeds tell how much seeds vary? Own, pooled over methods, or moderated, by simulation.

    python -m tools.seed_variance --replicates 4000

With three seeds a side the seed variance of a contrast rests on 2 + 2 degrees of freedom. A run of
six methods has twelve, if all of them vary alike. What the shared ones buy in power, and what they
cost in false positives where the methods do not vary alike (docs/power.md), is measured here: six
methods of SEEDS seeds on ITEMS items, the first two compared by the two-way contrast, whose V_s
alone is exchanged.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.comparing.simulation import DIFFICULTY, ITEM_EFFECT, monte_carlo_error
from reports.statistics.contrast import Variance, seed_variance, two_way_variance
from reports.statistics.item_design import ItemDesign, item_design
from reports.statistics.levels import LEVEL

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

METHODS, SEEDS, ITEMS = 6, 3, 700
SEED_SD = 0.035
EFFECT = 0.08


@dataclass(frozen=True, slots=True)
class Truth:
    """Each method's seed variance, in units of SEED_SD squared; the first two are compared."""

    name: str
    variances: tuple[float, ...]


TRUTHS = (
    Truth("all alike", (1, 1, 1, 1, 1, 1)),
    Truth("one of the two compared varies fourfold", (4, 1, 1, 1, 1, 1)),
    Truth("both compared vary fourfold", (4, 4, 1, 1, 1, 1)),
    Truth("the four others vary fourfold", (1, 1, 4, 4, 4, 4)),
)


def draw(truth: Truth, effect: float, rng: np.random.Generator) -> list[Bools]:
    """Outcomes (SEEDS, ITEMS) of every method; the first is better than the others by `effect`."""
    level = 0.5 + rng.uniform(-DIFFICULTY, DIFFICULTY, ITEMS)
    outcomes = []
    for method, variance in enumerate(truth.variances):
        favour = rng.uniform(-ITEM_EFFECT, ITEM_EFFECT, ITEMS) / 2
        luck = rng.normal(0.0, SEED_SD * variance**0.5, (SEEDS, 1))
        chance = level + favour + luck + (effect if method == 0 else 0.0)
        outcomes.append(rng.random((SEEDS, ITEMS)) < chance)
    return outcomes


def own(variances: Floats) -> tuple[Floats, Floats]:
    """Each method's own variance with its K - 1 degrees of freedom: what the reports use."""
    return variances, np.full(len(variances), SEEDS - 1.0)


def pooled(variances: Floats) -> tuple[Floats, Floats]:
    """The mean over all methods, with the degrees of freedom of all of them."""
    count = len(variances)
    return np.full(count, variances.mean()), np.full(count, count * (SEEDS - 1.0))


def larger(variances: Floats) -> tuple[Floats, Floats]:
    """The larger of own and pooled, with the degrees of freedom of the one that was taken."""
    shared, shared_df = pooled(variances)
    taken = variances > shared
    return np.where(taken, variances, shared), np.where(taken, SEEDS - 1.0, shared_df)


def moderated(variances: Floats) -> tuple[Floats, Floats]:
    """Each drawn towards a common one by empirical Bayes (Smyth 2004, "Linear models and empirical
    Bayes methods for assessing differential expression in microarray experiments").

    With log variances z, e = z - digamma(d/2) + log(d/2): the prior's d_0 solves
    trigamma(d_0/2) = var(e) - trigamma(d/2), infinite where that is not positive, and
    s_0^2 = exp(mean(e) + digamma(d_0/2) - log(d_0/2)). Posterior (d_0 s_0^2 + d s^2) / (d_0 + d).
    """
    from scipy.optimize import brentq
    from scipy.special import digamma, polygamma

    d = SEEDS - 1.0
    e = np.log(np.maximum(variances, 1e-12)) - digamma(d / 2) + np.log(d / 2)
    spread = e.var(ddof=1) - polygamma(1, d / 2)
    if spread <= polygamma(1, 5e5):
        return np.full(len(variances), np.exp(e.mean())), np.full(len(variances), 1e6)
    half = brentq(lambda x: float(polygamma(1, x) - spread), 1e-6, 5e5)
    prior = np.exp(e.mean() + digamma(half) - np.log(half))
    d0 = 2 * half
    return (d0 * prior + d * variances) / (d0 + d), np.full(len(variances), d0 + d)


ESTIMATES: dict[str, Callable[[Floats], tuple[Floats, Floats]]] = {
    "own": own,
    "pooled": pooled,
    "moderated": moderated,
    "larger of own and pooled": larger,
}


def p_values(outcomes: list[Bools], design: ItemDesign) -> dict[str, float]:
    """p of the contrast of the first two methods under each estimate of their seed variances."""
    from scipy.special import stdtr

    value, variance = two_way_variance([(1.0, outcomes[0]), (-1.0, outcomes[1])], design)
    variances = np.array([seed_variance(correct, design) for correct in outcomes])
    found = {}
    for name, estimate in ESTIMATES.items():
        exchanged = _with_seeds(variance, *estimate(variances), shared=name == "pooled")
        statistic = abs(value) / exchanged.total**0.5
        found[name] = float(2 * stdtr(exchanged.df, -statistic))
    return found


def _with_seeds(variance: Variance, variances: Floats, df: Floats, shared: bool) -> Variance:
    """The variance of the first two methods' contrast with these seed variances in it.

    Where both share one estimate its error is not averaged: (V_1 + V_2)^2 / df.
    """
    two, their_df = variances[:2], df[:2]
    over_df = two.sum() ** 2 / their_df[0] if shared else (two**2 / their_df).sum()
    return replace(variance, seeds=float(two.sum()), seeds_over_df=float(over_df))


def rates(truth: Truth, replicates: int, rng: np.random.Generator) -> dict[str, tuple[float, ...]]:
    """For each estimate the share of equal and of different methods that are called different."""
    design = item_design(["task"] * ITEMS, [str(i) for i in range(ITEMS)], {"task": 1.0})
    shares = []
    for effect in (0.0, EFFECT):
        found = [p_values(draw(truth, effect, rng), design) for _ in range(replicates)]
        shares.append({name: np.mean([p[name] < LEVEL for p in found]) for name in ESTIMATES})
    return {name: tuple(float(share[name]) for share in shares) for name in ESTIMATES}


def main(arguments: list[str] | None = None) -> int:
    """Print the table as Markdown: size and power in percent, standard errors in brackets."""
    parser = argparse.ArgumentParser(description="Own, pooled and moderated seed variances.")
    parser.add_argument("--replicates", type=int, default=4000, help="(default: 4000)")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers (default: 0)")
    args = parser.parse_args(arguments)
    streams = np.random.SeedSequence(args.seed).spawn(len(TRUTHS))
    print("| seed variances | estimate | size | power at 8 |\n|---|---|--:|--:|")
    for truth, stream in zip(TRUTHS, streams, strict=True):
        found = rates(truth, args.replicates, np.random.default_rng(stream))
        for name, shares in found.items():
            cells = (
                f"{100 * s:.1f} ({100 * monte_carlo_error(s, args.replicates):.1f})" for s in shares
            )
            print(f"| {truth.name} | {name} | {' | '.join(cells)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
