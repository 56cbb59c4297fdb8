"""How the next token is chosen from its scores."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from harness.decoding.stages import Ints

Pick = Callable[[Tensor, Ints, Ints, Ints], Tensor]
"""(scores (B, V), request (B,), stage (B,), step in stage (B,)) -> token ids (B,).

Request, stage and step say which draw this is, so that a picker can be independent of how requests
happen to be batched.
"""


def greedy(scores: Tensor, requests: Ints, stages: Ints, steps: Ints) -> Tensor:
    """The token with the highest score; the first of equals."""
    return scores.argmax(dim=-1)
