"""Who judges which records: settled when a review begins, and the same for all who take part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec

from tasks.errors import UserError
from tasks.files import read_text, write_whole

PLAN_FILE = "plan.json"


class Plan(msgspec.Struct, frozen=True):
    """`sample` records are drawn with `seed`, None: all of them.

    A `team` shares them and each of its members reads a part; `overlap` of all are read by two of
    them. Without a team everybody reads all.
    """

    sample: Annotated[int, msgspec.Meta(ge=1)] | None = None
    seed: int = 0
    team: tuple[str, ...] = ()
    overlap: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.2


def plan_of(folder: Path, wanted: Mapping[str, object]) -> Plan:
    """The plan that was settled, or where none was the one that is wanted.

    `wanted` holds what was asked for of the fields of `Plan`; UserError where it was settled
    otherwise.
    """
    path = folder / PLAN_FILE
    if not path.exists():
        return msgspec.convert(wanted, Plan)
    try:
        plan = msgspec.json.decode(read_text(path), type=Plan)
    except ValueError as error:
        raise UserError(f"{path}: no plan of a review ({error})") from None
    for name, value in wanted.items():
        if (settled := getattr(plan, name)) != value:
            raise UserError(
                f"--{name} {_said(value)}: this review was begun with {_said(settled)} ({path}); "
                "leave the option away; to begin anew, copy the records, or delete that file "
                "before anybody judges"
            )
    return plan


def settle(folder: Path, plan: Plan) -> None:
    """Write down the plan of a review that begins."""
    if not (path := folder / PLAN_FILE).exists():
        write_whole(path, msgspec.json.format(msgspec.json.encode(plan)) + b"\n")


def _said(value: object) -> str:
    """A value as its option takes it."""
    if isinstance(value, tuple):
        return ",".join(value) or "no team"
    return "all" if value is None else str(value)


def to_judge(plan: Plan, ids: Iterable[str], reviewer: str) -> list[str]:
    """The ids that a reviewer judges, in an order of their own.

    Nobody can tell by its place what another one reads as well, and chains of one question do not
    stand side by side. UserError where the reviewer is not of the team.
    """
    if plan.team and reviewer not in plan.team:
        raise UserError(
            f"--reviewer {reviewer}: not of the team of this review ({', '.join(plan.team)})"
        )
    drawn = _in_random_order(ids, f"{plan.seed}")[: plan.sample]
    twice = round(plan.overlap * len(drawn))
    mine = [
        item
        for place, item in enumerate(drawn)
        if not plan.team or reviewer in _members(plan.team, place, 2 if place < twice else 1)
    ]
    return _in_random_order(mine, f"{plan.seed}/{reviewer}")


def _members(team: tuple[str, ...], first: int, count: int) -> set[str]:
    """`count` members of the team, in turn."""
    return {team[(first + more) % len(team)] for more in range(count)}


def _in_random_order(ids: Iterable[str], seed: str) -> list[str]:
    """Additions elsewhere change nothing of the order."""
    return sorted(ids, key=lambda item: sha256(f"{seed}/{item}".encode()).digest())
