"""The variance over items: by cluster, with few or many of them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import sqrtm

from reports.statistics.item_design import (
    ItemDesign,
    bell_mccaffrey_df,
    cr1_variance,
    cr2_variance,
    half_item_variance,
    item_design,
    item_variance,
)

UNEQUAL = np.repeat(np.arange(10), [60, 40, 30, 20, 15, 10, 10, 5, 5, 5])


def names(numbers: np.ndarray) -> list[str]:
    return [str(number) for number in numbers]


def two_task_design(rng: np.random.Generator, clusters: np.ndarray) -> tuple[ItemDesign, ...]:
    tasks = rng.integers(0, 2, len(clusters))
    return tasks, item_design(names(tasks), names(clusters), {"0": 0.3, "1": 0.7})


def test_cr1_is_that_of_a_cluster_robust_regression_on_task_indicators() -> None:
    regression = pytest.importorskip("statsmodels.api")
    rng = np.random.default_rng(1)
    clusters = rng.integers(0, 30, 400)
    tasks, design = two_task_design(rng, clusters)
    values = rng.normal(size=400)
    fit = regression.OLS(values, np.eye(2)[tasks]).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}
    )
    weights = np.array([0.3, 0.7])
    assert cr1_variance(values, design) == pytest.approx(weights @ fit.cov_params() @ weights)
    assert design.weight @ values == pytest.approx(weights @ fit.params)


def test_cr2_and_its_degrees_of_freedom_are_those_of_the_matrix_formulas() -> None:
    rng = np.random.default_rng(2)
    tasks, design = two_task_design(rng, UNEQUAL)
    values = rng.normal(size=len(UNEQUAL))
    x = np.eye(2)[tasks]
    hat = x @ np.linalg.inv(x.T @ x) @ x.T
    leverage = x @ np.linalg.inv(x.T @ x) @ np.array([0.3, 0.7])
    annihilator = np.eye(len(values)) - hat
    variance, vectors = 0.0, []
    for cluster in range(10):
        own = cluster == UNEQUAL
        adjustment = np.linalg.inv(sqrtm(annihilator[np.ix_(own, own)]).real)
        vectors.append(annihilator[:, own] @ adjustment @ leverage[own])
        variance += float(vectors[-1] @ values) ** 2
    gram = np.array(vectors) @ np.array(vectors).T
    assert cr2_variance(values, design) == pytest.approx(variance)
    df = np.trace(gram) ** 2 / (gram**2).sum()
    assert bell_mccaffrey_df(design) == pytest.approx(df)


def test_few_or_unequal_clusters_take_cr2_and_many_take_cr1() -> None:
    rng = np.random.default_rng(3)
    few = item_design(["t"] * len(UNEQUAL), names(UNEQUAL), {"t": 1.0})
    values = rng.normal(size=len(UNEQUAL))
    assert item_variance(values, few) == cr2_variance(values, few) > cr1_variance(values, few)
    many = item_design(["t"] * 500, names(np.arange(500)), {"t": 1.0})
    values = rng.normal(size=500)
    assert item_variance(values, many) == cr1_variance(values, many)
    assert item_variance(values, many) == pytest.approx(values.var(ddof=1) / 500)


def test_a_cluster_across_tasks_counts_as_one() -> None:
    tasks, values = ["a", "b"] * 20, np.repeat(np.arange(20) % 2, 2).astype(float)
    apart = item_design(tasks, names(np.arange(40)), {"a": 0.5, "b": 0.5})
    shared = item_design(tasks, names(np.repeat(np.arange(20), 2)), {"a": 0.5, "b": 0.5})
    assert (apart.clusters, shared.clusters) == (40, 20)
    assert item_variance(values, shared) == pytest.approx(2 * item_variance(values, apart))


def test_tasks_of_a_single_item_are_pooled_since_they_show_no_spread_of_their_own() -> None:
    count = 60
    tasks = names(np.arange(count))
    design = item_design(tasks, tasks, dict.fromkeys(tasks, 1 / count))
    values = np.arange(count) % 2.0
    assert design.task_count == count
    assert design.estimable
    assert item_variance(values, design) == pytest.approx(values.var(ddof=1) / count)


def test_one_single_item_task_joins_the_largest_of_its_weight() -> None:
    tasks = ["a"] * 6 + ["b"] * 3 + ["alone"]
    weights = {"a": 0.6, "b": 0.3, "alone": 0.1}
    design = item_design(tasks, names(np.arange(10)), weights)
    assert design.estimable
    assert sorted(design.stratum_sizes) == [3, 7]


@pytest.mark.parametrize("count", [1, 5])
def test_a_single_cluster_tells_no_variance(count: int) -> None:
    design = item_design(["t"] * count, ["passage"] * count, {"t": 1.0})
    assert not design.estimable
    assert np.isnan(item_variance(np.ones(count), design))


def test_no_items_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one item"):
        item_design([], [], {})


def test_half_a_discordant_item_each_way_in_n_has_variance_one_over_n_squared() -> None:
    design = item_design(["t"] * 50, names(np.arange(50)), {"t": 1.0})
    assert half_item_variance(design) == pytest.approx(1 / 50**2)
