"""How much k texts repeat one another: distinct-n, self-BLEU, compression ratio."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from reports.reasoning.words import Words, ngrams

BLEU_ORDER = 4


def at_length(texts: Sequence[Words], length: int) -> list[Words]:
    """The first `length` words of each text that has as many: longer texts repeat themselves more."""
    return [text[:length] for text in texts if len(text) >= length]


def distinct_n(texts: Sequence[Words], n: int) -> float:
    """Different n-grams over all n-grams of the texts together, in (0, 1]; ValueError without any.

    Falls with the number and length of texts, so compare it at equal numbers and lengths alone. Li et
    al. 2016, "A Diversity-Promoting Objective Function for Neural Conversation Models".
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
    counts = [[ngrams(text, n) for n in range(1, BLEU_ORDER + 1)] for text in texts]
    scores = [
        _bleu(i, [len(text) for text in texts], counts) if texts[i] else 0.0
        for i in range(len(texts))
    ]
    return float(np.mean(scores))


def compression_ratio(texts: Sequence[str]) -> float:
    """Bytes over compressed bytes of the texts one after another: high where they repeat.

    Shaib et al. 2024, "Standardizing the Measurement of Text Diversity". Grows with the amount of
    text. ValueError where all are empty.
    """
    raw = "\n".join(texts).encode()
    if not raw.strip():
        raise ValueError("nothing to compress")
    return len(raw) / len(zlib.compress(raw, 9))


def _bleu(
    candidate: int, lengths: Sequence[int], counts: Sequence[Sequence[Counter[tuple[str, ...]]]]
) -> float:
    others = [i for i in range(len(counts)) if i != candidate]
    logarithms = 0.0
    for order in range(BLEU_ORDER):
        own = counts[candidate][order]
        matched = sum(
            min(count, max(counts[other][order][gram] for other in others))
            for gram, count in own.items()
        )
        smooth = 1 if order else 0
        if matched + smooth == 0:
            return 0.0
        logarithms += np.log((matched + smooth) / (own.total() + smooth))
    # The reference closest in length, the shorter of equals.
    length = lengths[candidate]
    reference = min((lengths[i] for i in others), key=lambda other: (abs(other - length), other))
    brevity = min(1.0, float(np.exp(1 - reference / length)))
    return float(brevity * np.exp(logarithms / BLEU_ORDER))
