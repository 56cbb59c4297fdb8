"""How items are weighted and clustered, and what that means for the variance over items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MANY_CLUSTERS = 100.0


@dataclass(frozen=True, slots=True)
class ItemDesign:
    """The weighted mean L = sum_i weight_i * value_i over n items, and the clusters behind it.

    `weight` (n,) is w_t / n_t of the item's task. `stratum` (n,) numbers the tasks; tasks whose
    items form one single cluster are pooled with others of the same item weight, because such a
    task shows nothing of its own spread. `cluster` (n,) numbers the clusters, which may span tasks.
    `task_count` is the number of tasks before pooling. `estimable` is False where even pooling
    leaves a stratum with one cluster.
    """

    weight: Floats
    stratum: Ints
    cluster: Ints
    task_count: int
    estimable: bool

    @property
    def items(self) -> int:
        """The number of items n."""
        return len(self.weight)

    @property
    def clusters(self) -> int:
        """The number of distinct clusters G."""
        return int(self.cluster.max()) + 1

    @property
    def stratum_sizes(self) -> Ints:
        """Items in each stratum (strata,)."""
        return np.bincount(self.stratum)

    @property
    def range(self) -> float:
        """The sum of absolute weights: |L| of values in [0, 1] or of their differences is no
        larger.
        """
        return float(np.abs(self.weight).sum())


def item_design(
    tasks: Sequence[str], clusters: Sequence[str], weights: dict[str, float]
) -> ItemDesign:
    """The design of n items from each item's task and cluster (n,) and each task's weight w_t.

    Raises ValueError without items.
    """
    if len(tasks) == 0:
        raise ValueError("a contrast needs at least one item")
    names, task = np.unique(np.asarray(tasks, dtype=str), return_inverse=True)
    cluster = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)[1]
    task_weight = np.array([weights[name] for name in names], dtype=float)
    weight = (task_weight / np.bincount(task))[task]
    stratum = _pool_single_cluster_tasks(task, cluster, weight)
    return ItemDesign(
        weight=weight,
        stratum=stratum,
        cluster=cluster,
        task_count=len(names),
        estimable=bool((_clusters_per_stratum(stratum, cluster) > 1).all()),
    )


def item_variance(values: Floats, design: ItemDesign) -> float:
    """The variance of L over items (values: (n,)), by cluster.

    CR1 with many clusters (its factor as in statsmodels and Stata), CR2 (Bell and McCaffrey 2002)
    with few or unequal ones, told by the degrees of freedom. NaN where the design is not estimable.
    """
    if not design.estimable:
        return float("nan")
    if bell_mccaffrey_df(design) >= MANY_CLUSTERS:
        return cr1_variance(values, design)
    return cr2_variance(values, design)


def item_covariance(values: Floats, design: ItemDesign) -> Floats:
    """The covariance (S, S) of S systems' L over items (values: (S, n)), by cluster.

    CR1 or CR2 as in `item_variance`, which c' covariance c is for the values c' values. NaN where
    the design is not estimable.
    """
    if not design.estimable:
        return np.full((len(values), len(values)), np.nan)
    many = bell_mccaffrey_df(design) >= MANY_CLUSTERS
    weight = design.weight if many else _stretch(design) * design.weight
    totals = np.stack(
        [np.bincount(design.cluster, weight * _residuals(row, design)) for row in values]
    )
    return np.asarray((_cr1_factor(design) if many else 1.0) * (totals @ totals.T))


def cr1_variance(values: Floats, design: ItemDesign) -> float:
    """Sum of squared cluster totals of weight * residual, times G/(G-1) * (n-1)/(n-strata)."""
    totals = np.bincount(design.cluster, design.weight * _residuals(values, design))
    return float(_cr1_factor(design) * (totals**2).sum())


def cr2_variance(values: Floats, design: ItemDesign) -> float:
    """The bias-reduced cluster variance.

    The regressors are stratum indicators, so (I - H_cc)^(-1/2) only stretches what a cluster's m
    items of a stratum of n have in common, by (1 - m/n)^(-1/2).
    """
    stretch = _stretch(design)
    totals = np.bincount(design.cluster, stretch * design.weight * _residuals(values, design))
    return float((totals**2).sum())


def bell_mccaffrey_df(design: ItemDesign) -> float:
    """Degrees of freedom of the CR2 variance if items were independent (Bell and McCaffrey 2002).

    With p_c the vector for which the variance is sum_c (p_c' y)^2, it is
    (sum_c p_c'p_c)^2 / sum_cd (p_c'p_d)^2, where p_c'p_d = [c = d] D_c - (B'B)_cd. NaN where the
    design is not estimable.
    """
    if not design.estimable:
        return float("nan")
    strata, groups = len(design.stratum_sizes), design.clusters
    scaled = _stretch(design) * design.weight
    diagonal = np.bincount(design.cluster, scaled**2)
    cells = design.stratum * groups + design.cluster
    root_size = np.sqrt(design.stratum_sizes)[design.stratum]
    b = np.bincount(cells, scaled / root_size, minlength=strata * groups).reshape(strata, groups)
    b_squared = (b**2).sum(axis=0)
    trace = (diagonal - b_squared).sum()
    frobenius = (diagonal**2 - 2 * diagonal * b_squared).sum() + ((b @ b.T) ** 2).sum()
    return float(trace**2 / frobenius)


def half_item_variance(design: ItemDesign) -> float:
    """The variance of L if one item in all were discordant, half of it each way.

    The floor for outcomes without any spread: 1/n^2 for n items of equal weight. Of scores on
    another scale it is that of one item that differs by the scale's whole span: times span^2.
    """
    return float((design.weight**2).mean())


def _cr1_factor(design: ItemDesign) -> float:
    n, groups, strata = design.items, design.clusters, len(design.stratum_sizes)
    return groups / (groups - 1) * (n - 1) / (n - strata)


def _residuals(values: Floats, design: ItemDesign) -> Floats:
    means = np.bincount(design.stratum, values) / design.stratum_sizes
    return np.asarray(values - means[design.stratum])


def _stretch(design: ItemDesign) -> Floats:
    cells = design.stratum * design.clusters + design.cluster
    sizes = np.bincount(cells)[cells]
    return np.asarray((1 - sizes / design.stratum_sizes[design.stratum]) ** -0.5)


def _clusters_per_stratum(stratum: Ints, cluster: Ints) -> Ints:
    clusters = cluster.max() + 1
    pairs = np.unique(stratum * clusters + cluster)
    return np.bincount(pairs // clusters)


def _pool_single_cluster_tasks(task: Ints, cluster: Ints, weight: Floats) -> Ints:
    """Stratum numbers (n,): single-cluster tasks of one item weight become one stratum.

    Where that is still a single cluster it joins the largest stratum of the same item weight.
    """
    stratum = task.copy()
    weight_class = np.unique(np.round(weight / np.abs(weight).max(), 9), return_inverse=True)[1]
    for kind in range(weight_class.max() + 1):
        in_class = weight_class == kind
        single = (_clusters_per_stratum(stratum, cluster) == 1)[stratum] & in_class
        if not single.any():
            continue
        pool = stratum[single].min()
        stratum[single] = pool
        others = stratum[in_class & ~single]
        if len(np.unique(cluster[single])) == 1 and len(others):
            stratum[single] = np.bincount(others).argmax()
        stratum = np.unique(stratum, return_inverse=True)[1]
    return stratum
