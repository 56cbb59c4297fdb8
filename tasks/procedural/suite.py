"""The embedded suite: training records and test problems on every axis, all drawn from a seed."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from tasks.errors import UserError
from tasks.problem import Problem
from tasks.procedural.axes import AxisName, axis_named, with_hint
from tasks.procedural.catalogue import IND_FAMILIES
from tasks.procedural.family import Family, Item, Solver, Wording
from tasks.procedural.noise import go_wrong, teach
from tasks.procedural.pretraining import pretraining_texts
from tasks.procedural.reserve import is_reserved
from tasks.procedural.slip import Slip
from tasks.records.record import CoTRecord, WrongChain

__all__ = ["pretraining_texts", "test_problems", "training_records"]

Paths = Literal["all", "first"]
# Where wrong chains beside right ones come from: one slip each.
Dual = Literal["slips"]

TEACHER = "procedural"
MOST_TRIES = 2_000


def training_records(
    *,
    seed: int,
    per_family: int,
    rho: float = 0.0,
    noise: float = 0.0,
    paths: Paths = "all",
    dual: Dual | None = None,
) -> list[CoTRecord]:
    """`per_family` different questions of every IND family, each with one rationale.

    rho in [0, 1] is the strength with which an opening phrase agrees with the answer, noise the
    share of rationales with a wrong step. With `paths` "first" the teacher solves every question of
    a family in the same way, else it draws among all ways. With `dual` "slips" every right
    rationale gets a wrong one beside it, wherever one slip can lead to another answer, and where
    the teacher's first was wrong, the right one is rectified. None changes which questions are
    drawn.
    `meta` holds the solution path, the family, the wording and whether the rationale is faulty.
    """
    _check_share("rho", rho)
    _check_share("noise", noise)
    return [
        _record(family, index, item, seed, rho, noise, paths, dual)
        for family in IND_FAMILIES
        for index, item in enumerate(
            draw_items(family, f"{seed}/train", per_family, family.sizes, "seen", reserved=False)
        )
    ]


def test_problems(
    axis: AxisName,
    *,
    seed: int,
    per_family: int,
    rho: float = 0.0,  # noqa: PT028 - no pytest test
) -> list[Problem]:
    """`per_family` different test questions of every family of an axis.

    No training set of any seed holds one of them, in whatever wording: questions are reserved for
    tests by a hash of their content. rho matters to the in-domain axis alone.
    """
    _check_share("rho", rho)
    chosen = axis_named(axis)
    return [
        _problem(family, index, item, axis, seed, rho if chosen.keeps_hint else 0.0)
        for family in chosen.families
        for index, item in enumerate(
            draw_items(
                family,
                f"{seed}/test/{chosen.questions}",
                per_family,
                chosen.sizes(family),
                chosen.wording,
                reserved=True,
            )
        )
    ]


def family_problems(
    axis: AxisName, family: str, *, seed: int, per_family: int, rho: float
) -> list[Problem]:
    """The test questions of one family on an axis; UserError where the axis has no such family."""
    problems = _all_families(axis, seed, per_family, rho)
    known = list(dict.fromkeys(problem.task for problem in problems))
    if family not in known:
        raise UserError(f"no family {family!r} on axis {axis!r}; it has {', '.join(known)}")
    return [problem for problem in problems if problem.task == family]


@lru_cache(maxsize=8)
def _all_families(axis: AxisName, seed: int, per_family: int, rho: float) -> tuple[Problem, ...]:
    return tuple(test_problems(axis, seed=seed, per_family=per_family, rho=rho))


def draw_items(
    family: Family,
    stream: str,
    count: int,
    sizes: tuple[int, ...],
    wording: Wording,
    *,
    reserved: bool,
) -> Iterator[Item]:
    """`count` items of different content, the answers of a closed set equally frequent.

    `stream` names the random stream; `reserved` says whether items come from the share that is kept
    for tests or from the rest. UserError where the family has not that many different questions.
    """
    rng = random.Random(f"{stream}/{family.name}")
    quota = math.ceil(count / max(1, len(family.answers)))
    answers: Counter[str] = Counter()
    seen: set[str] = set()
    for index in range(count):
        for _ in range(MOST_TRIES):
            item = family.generate(rng, rng.choice(sizes), wording)
            full = bool(family.answers) and answers[item.answer] == quota
            if not full and item.content not in seen and is_reserved(item) == reserved:
                break
        else:
            raise UserError(
                f"family {family.name} has hardly more than {index} different questions of sizes "
                f"{sizes} to draw; ask for fewer than {count} a family"
            )
        seen.add(item.content)
        answers[item.answer] += 1
        yield item


def _record(
    family: Family,
    index: int,
    item: Item,
    seed: int,
    rho: float,
    noise: float,
    paths: Paths,
    dual: Dual | None,
) -> CoTRecord:
    name = f"train-{seed}/{family.name}/{index}"
    solvers = item.solvers if paths == "all" else item.solvers[:1]
    solver = random.Random(f"{name}/path").choice(solvers)
    derivation, faulty = teach(solver, random.Random(f"{name}/noise"), noise)
    record = CoTRecord(
        id=name,
        task=family.name,
        description=family.description,
        question=with_hint(item.question, item.answer, family, rho, random.Random(f"{name}/cue")),
        answer=item.answer,
        rationale=derivation.rationale,
        teacher=TEACHER,
        teacher_answer=derivation.answer,
        teacher_correct=derivation.answer == item.answer,
        cluster=name,
        answer_type=family.answer_type,
        options=item.options,
        meta={
            "path": derivation.path,
            "family": family.name,
            "template": item.template,
            "faulty": faulty,
        },
    )
    return record if dual is None else _with_dual(record, solver)


def _with_dual(record: CoTRecord, solver: Solver) -> CoTRecord:
    """The record with a right rationale, and a wrong one beside it where a slip leads to one."""
    if not record.teacher_correct:
        right = solver(Slip())
        return replace(
            record,
            rationale=right.rationale,
            teacher_answer=right.answer,
            teacher_correct=True,
            meta=record.meta | {"faulty": False},
            dual=WrongChain(record.rationale, record.teacher_answer),
            rectified=True,
        )
    wrong = go_wrong(solver, random.Random(f"{record.id}/dual"), record.answer)
    return replace(record, dual=WrongChain(wrong.rationale, wrong.answer)) if wrong else record


def _problem(
    family: Family, index: int, item: Item, axis: AxisName, seed: int, rho: float
) -> Problem:
    rng = random.Random(f"{seed}/test/{axis}/{family.name}/{index}/cue")
    name = f"{axis}/{family.name}/{index}"
    return Problem(
        id=name,
        task=family.name,
        description=family.description,
        question=with_hint(item.question, item.answer, family, rho, rng),
        golds=(item.answer,),
        answer_type=family.answer_type,
        # Contents are drawn independently, and the few wordings are all there are, not a sample of
        # more: items of one wording are no cluster.
        cluster=name,
        options=item.options,
        path=item.derivations()[0].path,
    )


def _check_share(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise UserError(f"{name} is {value}, must lie between 0 and 1")
