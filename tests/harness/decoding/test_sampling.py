"""Drawing tokens: the right frequencies, the nucleus, and independence of batching."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from harness.decoding.pick import greedy
from harness.decoding.sampling import sampler, uniform

LOGITS = torch.tensor([2.0, 1.0, 0.0, -1.0])


def draws(count: int, *, temperature: float = 1.0, top_p: float = 1.0, seed: int = 0) -> np.ndarray:
    requests, zeros = np.arange(count), np.zeros(count, dtype=np.int64)
    pick = sampler(temperature=temperature, top_p=top_p, seeds=[seed], requests_each=count)
    return pick(LOGITS.expand(count, -1), requests, zeros, zeros).numpy()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tokens_come_as_often_as_the_softmax_says(temperature: float) -> None:
    found = np.bincount(draws(40_000, temperature=temperature), minlength=4) / 40_000
    expected = torch.softmax(LOGITS / temperature, -1).numpy()
    assert found == pytest.approx(expected, abs=0.01)


def test_the_nucleus_holds_the_token_that_reaches_top_p_and_none_after_it() -> None:
    # The chances are 0.64, 0.24, 0.09 and 0.03.
    assert set(draws(5_000, top_p=0.6)) == {0}
    found = np.bincount(draws(20_000, top_p=0.7), minlength=4) / 20_000
    assert found == pytest.approx([0.731, 0.269, 0, 0], abs=0.015)


def test_a_very_low_temperature_is_greedy() -> None:
    scores = torch.randn(50, 20, generator=torch.Generator().manual_seed(0))
    places = np.arange(50)
    drawn = sampler(temperature=1e-4, top_p=0.95, seeds=[1], requests_each=50)(
        scores, places, places, places
    )
    assert torch.equal(drawn, greedy(scores, places, places, places))


def test_a_draw_does_not_depend_on_what_else_is_in_the_batch() -> None:
    scores = torch.randn(8, 50, generator=torch.Generator().manual_seed(0))
    requests, stages, steps = np.arange(8), np.array([0, 1] * 4), np.arange(8)[::-1].copy()
    pick = sampler(temperature=1.0, top_p=0.9, seeds=[3], requests_each=8)
    together = pick(scores, requests, stages, steps)
    chosen = np.array([6, 2, 5])
    apart = pick(scores[chosen], requests[chosen], stages[chosen], steps[chosen])
    assert torch.equal(together[chosen], apart)


def test_several_draws_in_one_batch_are_those_drawn_one_at_a_time() -> None:
    scores = torch.randn(8, 50, generator=torch.Generator().manual_seed(0))
    requests, stages, steps = np.arange(8), np.zeros(8, dtype=np.int64), np.arange(8)
    apart = [
        sampler(temperature=1.0, top_p=0.9, seeds=[seed], requests_each=8)(
            scores, requests, stages, steps
        )
        for seed in (3, 4)
    ]
    pick = sampler(temperature=1.0, top_p=0.9, seeds=[3, 4], requests_each=8)
    together = pick(scores.repeat(2, 1), np.arange(16), np.tile(stages, 2), np.tile(steps, 2))
    assert torch.equal(together, torch.cat(apart))
    assert not torch.equal(*apart)


def test_seed_request_stage_and_step_each_make_another_draw() -> None:
    zero = np.zeros(1, dtype=np.int64)
    one = np.ones(1, dtype=np.int64)
    values = [
        uniform(np.array([seed], dtype=np.uint64), *keys)[0]
        for seed, keys in (
            (0, (zero, zero, zero)),
            (1, (zero, zero, zero)),
            (0, (one, zero, zero)),
            (0, (zero, one, zero)),
            (0, (zero, zero, one)),
        )
    ]
    assert len(set(values)) == 5


def test_draws_are_uniform_and_neighbours_unrelated() -> None:
    steps = np.arange(100_000)
    zeros = np.zeros_like(steps)
    values = uniform(np.full(100_000, 7, dtype=np.uint64), zeros, zeros, steps)
    assert values.min() >= 0
    assert values.max() < 1
    counts = np.histogram(values, bins=20, range=(0, 1))[0]
    assert ((counts - 5_000) ** 2 / 5_000).sum() < 45  # chi-squared, 19 degrees: p = 0.0007
    assert abs(np.corrcoef(values[1:], values[:-1])[0, 1]) < 0.01


@pytest.mark.parametrize(("temperature", "top_p"), [(0, 0.9), (-1, 0.9), (1, 0), (1, 1.1)])
def test_impossible_settings_are_refused(temperature: float, top_p: float) -> None:
    with pytest.raises(ValueError, match="cannot sample"):
        sampler(temperature=temperature, top_p=top_p, seeds=[0], requests_each=1)
