"""Sides of a gate, made of arrays."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from reports.items import Item, Items
from reports.logs.sample_texts import no_texts
from reports.logs.samples import Side


def side(
    name: str,
    right: np.ndarray,
    *,
    tasks: tuple[int, ...] = (),
    cluster: str | None = None,
    first: int = 0,
) -> Side:
    """Runs (seeds, items) on items of one task, or of several with so many items each."""
    seeds, n = right.shape
    task = np.repeat(np.arange(len(tasks) or 1), tasks or (n,))
    items = Items.of(
        Item("s", "ood", f"t{task[i]}", str(i), cluster=cluster or str(i)) for i in range(n)
    )
    said = np.random.default_rng(crc32(name.encode())).integers(0, 2**60, (seeds, n))
    return Side(
        name=name,
        items=items,
        seeds=tuple(f"{name}-{first + seed}" for seed in range(seeds)),
        correct=right.astype(bool),
        responses=said,
        read=None,
        texts=no_texts,
        notes=(),
        scorers={},
        asked={},
    )
