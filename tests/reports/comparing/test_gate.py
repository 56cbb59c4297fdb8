"""The non-inferiority gate: what it decides, how often it errs, and its edge cases."""

from __future__ import annotations

import numpy as np
import pytest

from reports.comparing.gate import chosen_claim, decide, decide_tasks, overall, too_small
from reports.items import Item, Items
from reports.logs.joined import Joined
from tasks.errors import UserError

MARGIN = 0.02


def joined(
    baseline: np.ndarray,
    candidate: np.ndarray,
    *,
    tasks: int = 1,
    same_responses: bool = False,
) -> Joined:
    """Two systems over independent items, dealt to tasks in turn."""
    n = baseline.shape[1]
    items = Items.of(Item("s", "ood", f"t{i % tasks}", str(i), cluster=str(i)) for i in range(n))
    responses = [np.zeros(side.shape, dtype=np.int64) for side in (baseline, candidate)]
    if not same_responses:
        responses[1] += 1
    unknown = (None, None)
    return Joined(
        ("base", "new"), items, (baseline, candidate), tuple(responses), (0, 0), unknown, unknown
    )


def pair(rng: np.random.Generator, items: int, loss: float, seeds: int = 1) -> Joined:
    """20% of items discordant in expectation, the candidate worse by `loss`."""
    kinds = rng.choice(3, (seeds, items), p=[0.8, 0.1 - loss / 2, 0.1 + loss / 2])
    right = rng.random((seeds, items)) < 0.6
    candidate = np.where(kinds == 0, right, kinds == 1)
    return joined(np.where(kinds == 0, right, kinds == 2), candidate)


def test_a_better_candidate_passes_and_a_far_worse_one_fails() -> None:
    rng = np.random.default_rng(0)
    assert decide(pair(rng, 4000, loss=-0.05), MARGIN).outcome == "PASS"
    assert decide(pair(rng, 4000, loss=0.10), MARGIN).outcome == "FAIL"


def test_too_little_data_is_inconclusive_and_says_what_would_decide() -> None:
    decision = decide(pair(np.random.default_rng(0), 100, loss=0.0), MARGIN)
    assert decision.outcome == "INCONCLUSIVE"
    assert decision.detectable is not None
    assert decision.detectable > MARGIN
    assert decision.items_needed == pytest.approx(3_100, rel=0.6)
    assert decision.seeds_needed is None  # nothing is known of seeds with one a side


def test_identical_responses_pass() -> None:
    right = np.ones((1, 5), dtype=bool)
    decision = decide(joined(right, right, same_responses=True), MARGIN)
    assert (decision.outcome, decision.contrast.identical) == ("PASS", True)


def test_equal_outcomes_with_other_words_are_no_certainty() -> None:
    right = np.ones((1, 30), dtype=bool)
    decision = decide(joined(right, right), MARGIN)
    assert decision.lower < decision.contrast.value == 0 < decision.upper
    assert decision.outcome == "INCONCLUSIVE"


def test_one_item_decides_nothing() -> None:
    decision = decide(joined(np.array([[True]]), np.array([[False]])), MARGIN)
    assert decision.outcome == "INCONCLUSIVE"
    assert (decision.lower, decision.upper) == (-1.0, 1.0)
    assert decision.items_needed is None


def test_a_true_loss_of_the_margin_passes_at_most_in_six_percent() -> None:
    rng = np.random.default_rng(2)
    passed = [decide(pair(rng, 1300, loss=MARGIN), MARGIN).outcome == "PASS" for _ in range(600)]
    assert np.mean(passed) <= 0.06 + 2 * (0.06 * 0.94 / 600) ** 0.5


def test_a_truly_equal_candidate_passes_as_often_as_designed() -> None:
    rng = np.random.default_rng(3)
    passed = [decide(pair(rng, 1304, loss=0.0), MARGIN).outcome == "PASS" for _ in range(300)]
    assert np.mean(passed) == pytest.approx(0.49, abs=0.09)


def test_every_task_must_pass() -> None:
    rng = np.random.default_rng(4)
    good, bad = pair(rng, 6000, loss=-0.05), pair(rng, 6000, loss=0.2)
    both = [np.concatenate(sides, axis=1) for sides in zip(good.correct, bad.correct, strict=True)]
    # Items are dealt in turn, so interleave: even places good, odd places bad.
    order = np.arange(12_000).reshape(2, -1).T.ravel()
    decisions = decide_tasks(joined(both[0][:, order], both[1][:, order], tasks=2), MARGIN)
    assert [decision.outcome for decision in decisions] == ["PASS", "FAIL"]
    assert overall(decisions) == "FAIL"
    assert overall(decisions[:1]) == "PASS"


def test_small_tasks_are_named_before_the_decision() -> None:
    data = pair(np.random.default_rng(5), 300, loss=0.0)
    assert too_small(data, MARGIN) == ["t0"]
    assert too_small(data, margin=0.2) == []


def test_claims_about_methods_need_seeds() -> None:
    rng = np.random.default_rng(6)
    one, three = pair(rng, 50, 0.0), pair(rng, 50, 0.0, seeds=3)
    assert chosen_claim(one, None) == "checkpoint"
    assert chosen_claim(three, None) == "method"
    with pytest.raises(UserError, match="two training seeds a side"):
        decide(one, MARGIN, "method")
    method, checkpoint = decide(three, MARGIN, "method"), decide(three, MARGIN, "checkpoint")
    assert method.contrast.value == pytest.approx(checkpoint.contrast.value)
    assert (method.contrast.claim, checkpoint.contrast.claim) == ("method", "checkpoint")
