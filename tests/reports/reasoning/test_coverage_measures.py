"""pass@k, majority@k, agreement and entropy against known values and full enumeration."""

from __future__ import annotations

from itertools import combinations

import pytest

from reports.reasoning.coverage import agreement, answer_entropy, majority_at_k, pass_at_k


@pytest.mark.parametrize(("n", "c", "k"), [(8, 3, 1), (8, 3, 4), (8, 0, 8), (8, 8, 1), (5, 2, 5)])
def test_pass_at_k_is_the_share_of_subsets_with_a_right_one(n: int, c: int, k: int) -> None:
    right = [True] * c + [False] * (n - c)
    subsets = list(combinations(right, k))
    assert pass_at_k(n, c, k) == pytest.approx(sum(map(any, subsets)) / len(subsets))


@pytest.mark.parametrize("k", [0, 9])
def test_pass_at_k_needs_as_many_samples(k: int) -> None:
    with pytest.raises(ValueError, match="between 1 and the 8 samples"):
        pass_at_k(8, 3, k)


def test_majority_takes_the_most_frequent_answer_and_shares_ties() -> None:
    assert majority_at_k(["a", "a", "b"], ["a"]) == 1
    assert majority_at_k(["a", "a", "b"], ["b"]) == 0
    assert majority_at_k(["a", "a", "b", "b"], ["b"]) == 0.5
    assert majority_at_k(["a", None, None], ["a"]) == 1
    assert majority_at_k([None, None], ["a"]) == 0


def test_agreement_is_the_share_of_pairs_that_agree() -> None:
    answers = ["a", "a", "b", None, None]
    pairs = list(combinations(answers, 2))
    expected = sum(x == y and x is not None for x, y in pairs) / len(pairs)
    assert agreement(answers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answers", "bits"),
    [(["a"] * 8, 0.0), (list("abcdefgh"), 3.0), (["a", "a", "b", "b"], 1.0), (["a", None], 1.0)],
)
def test_entropy_in_bits(answers: list[str | None], bits: float) -> None:
    assert answer_entropy(answers) == pytest.approx(bits)
