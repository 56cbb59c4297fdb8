"""Which items a claim is about and how much each task weighs in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from reports.items import Items
from reports.statistics.item_design import ItemDesign, item_design

GAP = "gap"
EVERYTHING = "all"
ROLES = {"ind": "in-domain", "ood": "out-of-domain"}


def suites_of(items: Items, on: str) -> list[str]:
    """The suites of an estimand: a role's ("ind", "ood"), both roles' ("gap"), or the suite
    named.
    """
    return items[belonging(items, on)].suites


def design_of(items: Items, on: str) -> tuple[NDArray[np.bool_], ItemDesign]:
    """The items (n,) of an estimand and their design: items equal in a suite, suites equal in a
    role.

    `on` is "ind", "ood", "gap" (+ in-domain, - out-of-domain), "all" (suites equal, whatever their
    role), or a suite's name. ValueError where there are no such items.
    """
    chosen = belonging(items, on)
    part = items[chosen]
    placed = Counter(zip(part.role, part.suite, part.task, strict=True))
    in_suite = Counter(zip(part.role, part.suite, strict=True))
    suites_in_role = Counter(role for role, _ in in_suite)
    everywhere = len(part.suites)
    weights = {}
    for (role, suite, task), count in placed.items():
        sign = -1.0 if on == GAP and role == "ood" else 1.0
        suites = everywhere if on == EVERYTHING else suites_in_role[role]
        weights[f"{suite}\n{task}"] = sign * count / in_suite[role, suite] / suites
    tasks = [f"{suite}\n{task}" for suite, task in zip(part.suite, part.task, strict=True)]
    return chosen, item_design(tasks, part.cluster.tolist(), weights)


def task_design(items: Items, suite: str, task: str) -> tuple[NDArray[np.bool_], ItemDesign]:
    """The items (n,) of one task and their design."""
    chosen = (items.suite == suite) & (items.task == task)
    part = items[chosen]
    return chosen, item_design(part.task.tolist(), part.cluster.tolist(), {task: 1.0})


def estimands(items: Items) -> Iterable[str]:
    """Of "ind", "ood" and "gap" those that the items allow."""
    roles = set(items.role)
    return [on for on in ("ind", "ood") if on in roles] + ([GAP] if len(roles) == 2 else [])


def belonging(items: Items, on: str) -> NDArray[np.bool_]:
    """The items (n,) of an estimand, as `design_of` names them."""
    if on in (GAP, EVERYTHING):
        return np.isin(items.role, list(ROLES))
    return np.equal(items.role if on in ROLES else items.suite, on).astype(bool)
