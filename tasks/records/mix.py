"""Records of several files together, in given shares: teachers, levels of detail, lengths."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Literal

from tasks.errors import UserError
from tasks.records.record import CoTRecord
from tasks.records.splits import hash_order

Half = Literal["short", "long"]


def half_of(records: Sequence[CoTRecord], half: Half) -> list[CoTRecord]:
    """Of each task's records those whose rationale has at most, or more than, its median length.

    In characters. Where many are as long as the median, the shorter half is the larger one.
    """
    lengths: dict[str, list[int]] = {}
    for record in records:
        lengths.setdefault(record.task, []).append(len(record.rationale))
    middle = {task: median(of_task) for task, of_task in lengths.items()}
    return [
        record
        for record in records
        if (len(record.rationale) <= middle[record.task]) == (half == "short")
    ]


def mixed(
    parts: Mapping[str, Sequence[CoTRecord]],
    shares: Mapping[str, float],
    records: int | None = None,
) -> list[CoTRecord]:
    """Records of every part in the proportion of the shares, ids led by the part's name.

    Each part gives the first ones in the order of its hashed ids, so less of a part is a part of
    more of it. By default there are as many as can be without a part running short; UserError where
    `records` are more than that.
    """
    whole = sum(shares.values())
    most = min(
        math.floor(len(parts[name]) * whole / share) for name, share in shares.items() if share
    )
    if records is not None and records > most:
        raise UserError(f"data.records: these shares leave {most} records, fewer than {records}")
    total = most if records is None else records
    counts = _whole_numbers({name: total * shares[name] / whole for name in parts})
    mix: list[CoTRecord] = []
    for name, of_part in parts.items():
        chosen = set(hash_order(record.id for record in of_part)[: counts[name]])
        mix += [replace(r, id=f"{name}/{r.id}") for r in of_part if r.id in chosen]
    return mix


def _whole_numbers(counts: Mapping[str, float]) -> dict[str, int]:
    """Counts as whole numbers of the same sum, by the largest remainders."""
    whole = {name: math.floor(count) for name, count in counts.items()}
    left = round(sum(counts.values())) - sum(whole.values())
    for name in sorted(counts, key=lambda name: whole[name] - counts[name])[:left]:
        whole[name] += 1
    return whole
