"""When a gate will look: fixed before the candidate is asked, in a file with the looks taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from reports.comparing.gate import GateOutcome
from reports.gating.part_of_side import fingerprint
from reports.items import Items
from reports.logs.open_side import Reading
from reports.logs.samples import Side
from reports.statistics.answers import Answers
from reports.statistics.contrast import Claim
from reports.statistics.levels import LEVEL
from tasks.errors import UserError
from tasks.files import read_text, write_whole
from tasks.records.splits import hash_order

SCHEMA = "cascod-gate-plan/1"
MOST_LOOKS = 100
WRITE_ONE = "write one with `cascod gate BASELINE --plan-new FILE --margin 0.02 --looks 4`"


class Look(msgspec.Struct, frozen=True):
    """One look: how many of the plan's items the candidate has answered, with how many seeds."""

    items: int
    seeds: int


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A look that was taken; `look` is its number, from 1.

    `seeds` names the candidate's runs, `samples` is the fingerprint of what they answered; `level`
    is the one-sided level of this look's bounds.
    """

    look: int
    seeds: list[str]
    samples: str
    level: float
    value: float
    lower: float
    upper: float
    outcome: GateOutcome


class GatePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan and what came of it.

    `baseline` says where the baseline lay, `samples` is its fingerprint. `level` is the error of
    all looks together. `order` goes before each item's id in the hash by which items are ordered.
    `reading` says how both sides are read; None where a plan was written before it was kept.
    """

    schema: str = SCHEMA
    baseline: str
    samples: str
    margin: float
    level: float
    claim: Claim
    answers: Answers
    order: str
    looks: list[Look]
    reading: Reading | None = None
    taken: list[Taken] = []

    def share(self, number: int) -> float:
        """How far the plan is at a look, by the responses that the candidate has given."""
        given = [look.items * look.seeds for look in self.looks]
        return given[number - 1] / given[-1]

    @property
    def end(self) -> Taken | None:
        """The look that ended the plan, if one did."""
        if self.taken and (
            self.taken[-1].outcome != "INCONCLUSIVE" or self.taken[-1].look == len(self.looks)
        ):
            return self.taken[-1]
        return None


def new_plan(
    baseline: Side,
    *,
    margin: float,
    looks: Sequence[Look],
    claim: Claim | None = None,
    answers: Answers = "forced",
    order: str = "",
    reading: Reading | None = None,
) -> GatePlan:
    """A plan for a candidate against this baseline; UserError where it could not be followed."""
    enough = min(len(baseline.seeds), *(look.seeds for look in looks)) > 1
    if claim == "method" and not enough:
        raise UserError(
            "a claim about methods needs two training seeds a side at every look: a baseline of "
            "several runs and --seeds 2 or more; or give --claim checkpoint"
        )
    claim = claim or ("method" if enough else "checkpoint")
    if claim == "checkpoint" and len({look.seeds for look in looks}) > 1:
        raise UserError(
            "more seeds from look to look make a claim about methods, which needs two a side at "
            "the first look; checkpoints are the same at every look"
        )
    plan = GatePlan(
        baseline=baseline.name,
        samples=fingerprint(baseline),
        margin=margin,
        level=LEVEL,
        claim=claim,
        answers=answers,
        order=order,
        looks=list(looks),
        reading=reading or Reading(),
    )
    refuse_looks(plan, baseline.items)
    return plan


def reading_for(plan: GatePlan, path: Path, given: Reading) -> Reading:
    """How the sides of a plan's look are read: as its baseline was.

    `given` is what the command says; UserError where that is something else. Of a file of clusters
    the samples' fingerprint tells whether it says the same.
    """
    kept = plan.reading
    if kept is None:
        return given
    for option, own, other in (
        ("--metric", kept.metric, given.metric),
        ("--filter", kept.filter_name, given.filter_name),
        ("--cluster", kept.cluster, given.cluster),
    ):
        if other not in (None, own) and not (option == "--cluster" and given.cluster_file):
            made = f"with {option} {own}" if own else f"without {option}"
            raise UserError(f"{path}: was made {made}, which holds for all its looks; leave it out")
    return replace(kept, cluster=given.cluster or kept.cluster)


def even_looks(number: int, items: int, seeds: Sequence[int]) -> list[Look]:
    """Looks after equal steps of the items with the same seeds, or at all items with more seeds."""
    if len(seeds) > 1:
        return [Look(items, each) for each in seeds]
    return [Look(-(-items * k // number), seeds[0]) for k in range(1, number + 1)]


def read_plan(path: Path) -> GatePlan:
    """The plan in a file; UserError where it is none."""
    text = read_text(path)
    try:
        schema = msgspec.json.decode(text, type=_Named).schema
        if schema != SCHEMA and schema.startswith(SCHEMA.rstrip("0123456789")):
            raise UserError(f"{path}: a plan of another version ({schema}, this is {SCHEMA})")
        plan = msgspec.json.decode(text, type=GatePlan)
        whole = schema == SCHEMA and _sound(plan)
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        raise UserError(f"{path}: not a plan of a gate, or a broken one; {WRITE_ONE}")
    return plan


def write_plan(plan: GatePlan, path: Path) -> None:
    """Write the file, whole or not at all."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(plan), indent=2) + b"\n")


def planned_order(items: Items, order: str) -> NDArray[np.int64]:
    """The places of all items (n,) such that every task has its share of any first part.

    Within a task they stand in hash order, which for `order` "" is that of --limit.
    """
    ids = [f"{order}{name}" for name in items.id]
    rank = {name: place for place, name in enumerate(hash_order(set(ids)))}
    at = np.empty(len(items))
    for suite, task in items.tasks:
        own = np.flatnonzero((items.suite == suite) & (items.task == task))
        own = own[np.argsort([rank[ids[place]] for place in own], kind="stable")]
        at[own] = (np.arange(len(own)) + 0.5) / len(own)
    return np.argsort(at, kind="stable")


def refuse_looks(plan: GatePlan, items: Items) -> None:
    """UserError for looks that do not rise, ask for items that there are not, or leave suites
    out.
    """
    if len(plan.looks) > MOST_LOOKS:
        raise UserError(f"a plan has at most {MOST_LOOKS} looks, not {len(plan.looks):,}")
    if not _rise(plan.looks):
        raise UserError("every look needs more items or more seeds than the one before it")
    if plan.looks[-1].items > len(items):
        raise UserError(
            f"the last look is planned at {plan.looks[-1].items:,} items, the baseline has "
            f"{len(items):,}"
        )
    first = items[planned_order(items, plan.order)[: plan.looks[0].items]]
    if missing := sorted(set(items.suite) - set(first.suite)):
        raise UserError(
            f"the first look has no item of {missing[0]}, so it would be about something else than "
            "the last; begin with more items"
        )


def _sound(plan: GatePlan) -> bool:
    """Whether numbers are what a plan's can be."""
    taken = [0, *(each.look for each in plan.taken)]
    return (
        plan.margin > 0
        and 0 < plan.level < 0.5
        and 0 < len(plan.looks) <= MOST_LOOKS
        and _rise(plan.looks)
        and all(low < high <= len(plan.looks) for low, high in pairwise(taken))
    )


def _rise(looks: Sequence[Look]) -> bool:
    pairs = [(0, 0), *((look.items, look.seeds) for look in looks)]
    return pairs[1][0] > 0 < pairs[1][1] and all(
        low != high and low[0] <= high[0] and low[1] <= high[1] for low, high in pairwise(pairs)
    )


class _Named(msgspec.Struct):
    schema: str
