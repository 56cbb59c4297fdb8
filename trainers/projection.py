"""Logits only where they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import Tensor


@contextmanager
def projecting_only(model: Any, wanted: Tensor) -> Iterator[None]:
    """While it lasts, `model` projects onto its vocabulary those positions alone that are `wanted`.

    `wanted` is a mask of shape (rows, tokens); the logits have the shape (1, wanted, vocabulary),
    in the order of the mask. `logits_to_keep` of transformers can choose columns only, and targets
    start in every row elsewhere.
    """
    positions = wanted.flatten().nonzero().squeeze(1)

    def keep(_head: Any, arguments: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        [hidden] = arguments
        return (hidden.flatten(0, 1)[positions].unsqueeze(0),)

    hook = model.get_output_embeddings().register_forward_pre_hook(keep)
    try:
        yield
    finally:
        hook.remove()
