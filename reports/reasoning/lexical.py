"""How much k texts repeat one another: distinct-n, self-BLEU, compression ratio."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reports.reasoning.word_counts import Words, ngrams

BLEU_ORDER = 4


def at_length(texts: Sequence[Words], length: int) -> list[Words]:
    """The first `length` words of each text that has as many: longer texts repeat themselves
    more.
    """
    return [text[:length] for text in texts if len(text) >= length]


def distinct_n(texts: Sequence[Words], n: int) -> float:
    """Different n-grams over all n-grams of the texts together, in (0, 1]; ValueError without any.

    Falls with the number and length of texts, so compare it at equal numbers and lengths alone. Li
    et al. 2016, "A Diversity-Promoting Objective Function for Neural Conversation Models".
    """
    counts = sum((ngrams(text, n) for text in texts), Counter[tuple[str, ...]]())
    if not counts:
        raise ValueError(f"no text has {n} words")
    return len(counts) / counts.total()


def self_bleu(texts: Sequence[Words]) -> float:
    """The mean BLEU-4 of each text against all others: 1 for identical texts, 0 for disjoint ones.

    Zhu et al. 2018, "Texygen". Orders above one are smoothed by one count (Lin and Och 2004), the
    first is not: texts without a common word score 0. ValueError with fewer than two texts.
    """
    if len(texts) < 2:
        raise ValueError("self-BLEU needs at least two texts")
    shares = np.stack([_matched(texts, order) for order in range(1, BLEU_ORDER + 1)])
    lengths = np.array([len(text) for text in texts])
    with np.errstate(divide="ignore"):
        precision = np.exp(np.log(shares).mean(axis=0))
    return float(np.mean(np.where(lengths > 0, precision * _brevity(lengths), 0.0)))


def compression_ratio(texts: Sequence[str]) -> float:
    """Bytes over compressed bytes of the texts one after another: high where they repeat.

    Shaib et al. 2024, "Standardizing the Measurement of Text Diversity". Grows with the amount of
    text. ValueError where all are empty.
    """
    raw = "\n".join(texts).encode()
    if not raw.strip():
        raise ValueError("nothing to compress")
    return len(raw) / len(zlib.compress(raw, 9))


def _matched(texts: Sequence[Words], order: int) -> NDArray[np.float64]:
    """For each text (k,): the share of its n-grams of an order that some other text has as
    often.
    """
    counts = [ngrams(text, order) for text in texts]
    # The two largest counts of each n-gram, and the text with the largest: the most among the
    # others.
    most: dict[tuple[str, ...], tuple[int, int, int]] = {}
    for place, counter in enumerate(counts):
        for gram, count in counter.items():
            first, owner, second = most.get(gram, (0, -1, 0))
            most[gram] = (
                (count, place, first) if count > first else (first, owner, max(second, count))
            )
    smooth = 0 if order == 1 else 1
    shares = []
    for place, counter in enumerate(counts):
        matched = total = 0
        for gram, count in counter.items():
            first, owner, second = most[gram]
            matched += min(count, second if owner == place else first)
            total += count
        shares.append((matched + smooth) / max(1, total + smooth))
    return np.array(shares)


def _brevity(lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """exp(1 - r / c) for texts (k,) shorter than r, the length closest to theirs among the
    others.
    """
    factors = []
    for place, length in enumerate(lengths):
        others = np.delete(lengths, place)
        # The shorter of equally close ones.
        reference = min(others, key=lambda other: (abs(other - length), other))
        factors.append(min(1.0, float(np.exp(1 - reference / max(1, length)))))
    return np.array(factors)
