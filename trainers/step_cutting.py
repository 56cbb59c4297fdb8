"""A step's rows, cut into micro-batches of like lengths."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from trainers.encoding import IGNORED, NO_GROUP


def cut_by_length(
    step: dict[str, Tensor], *, rows: int, tokens: int | None = None, ranks: int = 1
) -> list[dict[str, Tensor]]:
    """All rows of a step in micro-batches of like lengths, trimmed, the longest first.

    A step holds tensors of shape (rows, tokens), padded on the right, as `RowCollator` makes them.
    A micro-batch holds up to `rows` rows, spread evenly; or, where `tokens` is given, as many as
    keep its rows times its longest row within that budget, one at least. There are as many of them
    for each of `ranks`: rank r takes every `ranks`-th from r on, so that what is done at a time is
    of like size. Where there are too few rows, one without targets stands in.
    """
    lengths = step["attention_mask"].sum(1)
    # Longest first: a step that does not fit into memory fails at once.
    order = lengths.argsort(descending=True, stable=True)
    if tokens is None:
        wanted = -(-len(order) // (rows * ranks)) * ranks
        parts = list(order.tensor_split(wanted))
    else:
        parts = [
            part
            for chunk in _within(order, lengths, tokens, ranks)
            for part in chunk.tensor_split(ranks)
        ]
    return [_micro_batch(step, part) if len(part) else _blind(step, order[-1:]) for part in parts]


def _within(order: Tensor, lengths: Tensor, tokens: int, ranks: int) -> Iterator[Tensor]:
    """Rows for one micro-batch of every rank at a time."""
    while len(order):
        each = max(tokens // int(lengths[order[0]]), 1)
        yield order[: each * ranks]
        order = order[each * ranks :]


def _micro_batch(step: dict[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    longest = int(step["attention_mask"][rows[0]].sum())
    return {name: values[rows, :longest] for name, values in step.items()}


def _blind(step: dict[str, Tensor], row: Tensor) -> dict[str, Tensor]:
    """A micro-batch without a target: a rank that has no row must take part all the same."""
    batch = _micro_batch(step, row)
    return batch | {
        "labels": torch.full_like(batch["labels"], IGNORED),
        "loss_groups": torch.full_like(batch["loss_groups"], NO_GROUP),
    }
