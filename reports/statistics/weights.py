"""Which items a claim is about and how much each task weighs in it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.statistics.item_design import ItemDesign, item_design

GAP = "gap"
EVERYTHING = "all"
ROLES = {"ind": "in-domain", "ood": "out-of-domain"}


def suites_of(items: pd.DataFrame, on: str) -> list[str]:
    """The suites of an estimand: a role's ("ind", "ood"), both roles' ("gap"), or the suite named."""
    chosen = items[_belongs(items, on)]
    return list(dict.fromkeys(chosen["suite"]))


def design_of(items: pd.DataFrame, on: str) -> tuple[NDArray[np.bool_], ItemDesign]:
    """The items (n,) of an estimand and their design: items equal in a suite, suites equal in a role.

    `on` is "ind", "ood", "gap" (+ in-domain, - out-of-domain), "all" (suites equal, whatever their
    role), or a suite's name. ValueError where there are no such items.
    """
    chosen = _belongs(items, on).to_numpy(dtype=bool)
    part = items[chosen]
    tasks = part["suite"] + "\n" + part["task"]
    suites_in_role = part.groupby("role")["suite"].nunique()
    if on == EVERYTHING:
        suites_in_role[:] = part["suite"].nunique()
    weights = {}
    for (role, suite), rows in part.groupby(["role", "suite"]):
        sign = -1.0 if on == GAP and role == "ood" else 1.0
        for task, count in rows["task"].value_counts().items():
            weights[f"{suite}\n{task}"] = sign * count / len(rows) / suites_in_role[role]
    return chosen, item_design(tasks.tolist(), part["cluster"].tolist(), weights)


def task_design(items: pd.DataFrame, suite: str, task: str) -> tuple[NDArray[np.bool_], ItemDesign]:
    """The items (n,) of one task and their design."""
    chosen = ((items["suite"] == suite) & (items["task"] == task)).to_numpy(dtype=bool)
    part = items[chosen]
    return chosen, item_design(part["task"].tolist(), part["cluster"].tolist(), {task: 1.0})


def estimands(items: pd.DataFrame) -> Iterable[str]:
    """Of "ind", "ood" and "gap" those that the items allow."""
    roles = set(items["role"])
    return [on for on in ("ind", "ood") if on in roles] + ([GAP] if len(roles) == 2 else [])


def _belongs(items: pd.DataFrame, on: str) -> pd.Series:
    if on in (GAP, EVERYTHING):
        return items["role"].isin(list(ROLES))
    return items["role"] == on if on in ROLES else items["suite"] == on
