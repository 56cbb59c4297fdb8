"""Tokens drawn at a temperature, the same ones however requests are batched."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from harness.decoding.pick import Pick
from harness.decoding.stages import Ints


def sampler(*, temperature: float, top_p: float, seeds: Sequence[int], requests_each: int) -> Pick:
    """Draw from softmax(scores / temperature), cut to the likeliest tokens that hold `top_p` of it.

    The first `requests_each` requests have the first seed, the next ones the second, and so on:
    several draws of the same requests in one batch. A draw depends on its seed, the request's place
    among those of the seed, its stage and step, and the scores, not on what else is in the batch.
    Nucleus sampling: Holtzman et al. 2020, "The Curious Case of Neural Text Degeneration".
    ValueError for a temperature of 0 or less, or a top_p outside (0, 1].
    """
    if temperature <= 0 or not 0 < top_p <= 1:
        raise ValueError(f"cannot sample at temperature {temperature} and top_p {top_p}")

    own = np.array([seed % 2**64 for seed in seeds], dtype=np.uint64)

    def pick(scores: Tensor, requests: Ints, stages: Ints, steps: Ints) -> Tensor:
        chances, tokens = torch.softmax(scores.float() / temperature, dim=-1).sort(descending=True)
        reached = chances.cumsum(dim=-1)
        # The token that reaches top_p belongs to the nucleus, so the likeliest one always does.
        chances = chances.masked_fill(reached - chances >= top_p, 0.0)
        nucleus = chances.cumsum(dim=-1)
        seed, request = own[requests // requests_each], requests % requests_each
        drawn = torch.from_numpy(uniform(seed, request, stages, steps)).to(nucleus)
        place = (nucleus <= drawn[:, None] * nucleus[:, -1:]).sum(dim=-1, keepdim=True)
        last = (chances > 0).sum(dim=-1, keepdim=True) - 1
        return tokens.gather(-1, torch.minimum(place, last)).squeeze(-1)

    return pick


def uniform(seeds: NDArray[np.uint64], *keys: Ints) -> NDArray[np.float64]:
    """Numbers in [0, 1) from seeds and integer keys, all of shape (n,).

    Chained SplitMix64 (Steele, Lea and Flood 2014): a counter-based generator, so no state is
    shared between rows.
    """
    with np.errstate(over="ignore"):
        state = _mixed(seeds)
        for key in keys:
            state = _mixed(state ^ np.asarray(key).astype(np.uint64))
    return (state >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))
