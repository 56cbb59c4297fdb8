"""Vendi score: the effective number of different texts among k."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from reports.reasoning.word_counts import Words, ngrams

Floats = NDArray[np.float64]
# Texts in, unit vectors (k, width) out: any sentence embedder.
Embedder = Callable[[Sequence[str]], Floats]

LONGEST_NGRAM = 2
NEGLIGIBLE = 1e-12


def vendi(similarity: Floats, order: float = 1.0) -> float:
    """From 1 (all the same) to k (nothing in common), for a (k, k) kernel with ones on its
    diagonal.

    exp of the Renyi entropy of order q of the eigenvalues of K / k; q = 1 is Shannon's. Friedman
    and Dieng 2023, "The Vendi Score"; orders: Pasarkar and Dieng 2024, "Cousins of the Vendi
    Score". ValueError without texts.
    """
    count = len(similarity)
    if count == 0:
        raise ValueError("a Vendi score needs at least one text")
    eigenvalues = np.linalg.eigvalsh(similarity / count)
    shares = eigenvalues[eigenvalues > NEGLIGIBLE]
    shares = shares / shares.sum()
    if order == 1.0:
        return float(np.exp(-(shares * np.log(shares)).sum()))
    if np.isinf(order):
        return float(1 / shares.max())
    return float((shares**order).sum() ** (1 / (1 - order)))


def ngram_similarity(texts: Sequence[Words]) -> Floats:
    """Cosine similarities (k, k) of counts of words and word pairs; needs no model.

    Two empty texts are the same, an empty one has nothing in common with any other.
    """
    counts = [[ngrams(text, n) for n in range(1, LONGEST_NGRAM + 1)] for text in texts]
    place: dict[tuple[str, ...], int] = {}
    rows, columns, values = [], [], []
    for row, grams in enumerate(counts):
        for counter in grams:
            for gram, count in counter.items():
                rows.append(row)
                columns.append(place.setdefault(gram, len(place)))
                values.append(count)
    vectors = np.zeros((len(texts), max(1, len(place))))
    vectors[rows, columns] = values
    return cosine_similarity(vectors)


def cosine_similarity(vectors: Floats) -> Floats:
    """Cosines (k, k) of vectors (k, width); vectors of length zero are like one another alone."""
    lengths = np.linalg.norm(vectors, axis=1)
    unit = vectors / np.where(lengths > 0, lengths, 1.0)[:, None]
    similarity = unit @ unit.T
    empty = lengths == 0
    similarity[np.ix_(empty, empty)] = 1.0
    np.fill_diagonal(similarity, 1.0)
    return np.asarray(similarity)
