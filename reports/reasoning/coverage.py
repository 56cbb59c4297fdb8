"""What k samples of one question reach: coverage, majority, agreement, spread of answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import comb, log2

# None stands for an answer that could not be read; it is no answer that others may agree with.
Answers = Sequence[str | None]


def pass_at_k(samples: int, right: int, k: int) -> float:
    """The chance that at least one of k samples drawn from n, c of them right, is right.

    1 - C(n - c, k) / C(n, k), unbiased. Chen et al. 2021, "Evaluating Large Language Models Trained
    on Code". ValueError where k exceeds n or is not positive.
    """
    if not 1 <= k <= samples:
        raise ValueError(f"k is {k}, must lie between 1 and the {samples} samples")
    return 1 - comb(samples - right, k) / comb(samples, k)


def majority_at_k(answers: Answers, golds: Sequence[str]) -> float:
    """Whether the most frequent answer is right; the share of right ones where several are.

    Wang et al. 2023, "Self-Consistency". 0 where no answer could be read.
    """
    counts = Counter(answer for answer in answers if answer is not None)
    if not counts:
        return 0.0
    most = max(counts.values())
    winners = [answer for answer, count in counts.items() if count == most]
    return sum(answer in golds for answer in winners) / len(winners)


def agreement(answers: Answers) -> float:
    """The chance that two different samples give the same readable answer, in [0, 1].

    ValueError with fewer than two samples.
    """
    n = len(answers)
    if n < 2:
        raise ValueError("agreement needs at least two samples")
    counts = Counter(answer for answer in answers if answer is not None)
    return sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))


def answer_entropy(answers: Answers) -> float:
    """Shannon entropy of the answers in bits, 0 to log2(k); unread ones count as one answer.

    ValueError without samples.
    """
    if not answers:
        raise ValueError("entropy needs at least one sample")
    shares = [count / len(answers) for count in Counter(answers).values()]
    return max(0.0, -sum(share * log2(share) for share in shares))
