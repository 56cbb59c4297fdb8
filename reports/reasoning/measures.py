"""All offline measures of one question's samples, so that methods can be contrasted on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2

import numpy as np

from reports.reasoning.conclusion import agrees
from reports.reasoning.coverage import agreement, answer_entropy, majority_at_k, pass_at_k
from reports.reasoning.edit_distance import mean_edit_distance
from reports.reasoning.lexical import at_length, compression_ratio, distinct_n, self_bleu
from reports.reasoning.solution_paths import normalised_path
from reports.reasoning.vendi import Floats, cosine_similarity, ngram_similarity, vendi
from reports.reasoning.word_counts import words

# Samples of one length are compared, but not of so few words that nothing can be told.
FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Draw:
    """One sample of a question: its rationale, its answer as read, whether that is right.

    `path` is the exact solution path of the rationale, "" where it is not known; `concluded` the
    answer that the rationale arrives at, None where it states none.
    """

    rationale: str
    parsed: str | None
    correct: bool
    path: str = ""
    concluded: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure's name, how to read it, its known weakness, its range (None: no upper end)."""

    name: str
    title: str
    reading: str
    low: float = 0.0
    high: float | None = 1.0


MEASURES = (
    Measure(
        "vendi",
        "Vendi score",
        "Effective number of different rationales, as a share: 0 all alike, 1 nothing in common. "
        "Counts wording: a paraphrase is as different as another way of thinking.",
    ),
    Measure(
        "vendi_of_meaning",
        "Vendi score of meaning",
        "The same on sentence embeddings: 0 all mean the same, 1 nothing in common. Embedders "
        "hardly see numbers, so two rationales that differ in one figure mean the same to them.",
    ),
    Measure(
        "exact_paths",
        "exact solution paths",
        "Different ways of solving the question (generated questions only), as a share: 0 one, 1 "
        "each its own. Rationales of no known form count as one way together.",
    ),
    Measure(
        "paths",
        "distinct paths",
        "Different sequences of numbers, signs, options and names, as a share: 0 one path, 1 each "
        "its own. A slip in a number counts as a path, so errors look diverse too.",
    ),
    Measure(
        "edit_distance",
        "edit distance",
        "Mean share of words by which two samples differ: 0 identical, 1 no word in place. "
        "Reordering counts twice.",
    ),
    Measure(
        "self_bleu",
        "self-BLEU",
        "How well other samples predict one sample's word runs, all cut to the question's "
        "shortest: 1 copies, 0 disjoint, so low is wide. Short texts score low by chance.",
    ),
    Measure(
        "distinct_2",
        "distinct-2",
        "Different word pairs over all word pairs, every sample cut to the question's shortest: "
        "near 1 no repetition. Falls with length, so figures of different questions do not "
        "compare.",
    ),
    Measure(
        "compression",
        "compression ratio",
        "Bytes over compressed bytes of all samples together: 1 nothing repeats, larger is more "
        "alike. Grows with the length of the texts.",
        high=None,
    ),
    Measure(
        "words",
        "length in words",
        "Mean length of a rationale. Not a measure of diversity, but most of those depend on it.",
        high=None,
    ),
    Measure(
        "answer_entropy",
        "answer entropy",
        "Spread of final answers: 0 always the same, 1 each another. High means undecided, not "
        "creative.",
    ),
    Measure(
        "agreement",
        "agreement",
        "Chance that two samples give the same readable answer. A student that always errs alike "
        "agrees.",
    ),
    Measure(
        "consistency",
        "answer follows from rationale",
        "Share of samples whose stated answer is the one that the rationale ends on, of those "
        "where both can be read: 0 to 1. Says nothing of the others.",
    ),
    Measure(
        "pass_1", "pass@1", "Mean accuracy of one sample: 0 to 1. Wrong reasoning can hit, too."
    ),
    Measure(
        "pass_k",
        "pass@k",
        "Share of questions that at least one of the k samples solves. Guessing helps where "
        "options are few.",
    ),
    Measure(
        "majority_k",
        "majority@k",
        "Accuracy of the most frequent answer; ties share. Below pass@1 where errors agree.",
    ),
    Measure(
        "coverage_gap",
        "pass@k − majority@k",
        "What sampling reaches and voting does not find: 0 to 1. Room that the student cannot use "
        "alone.",
    ),
)
# The measures of diversity once more for right samples alone, since incoherence is diverse, too.
OF_DIVERSITY = (
    "vendi",
    "vendi_of_meaning",
    "exact_paths",
    "paths",
    "edit_distance",
    "self_bleu",
    "distinct_2",
    "compression",
    "words",
)
OF_RIGHT = tuple(
    replace(
        measure,
        name=f"{measure.name}_of_right",
        title=f"{measure.title}, two right samples",
        reading="The same for two right samples of a question, where every system has two: the "
        "easy questions. Two samples score unlike more, so compare it between methods alone.",
    )
    for measure in MEASURES
    if measure.name in OF_DIVERSITY
)


def measure_all(draws: Sequence[Draw], golds: Sequence[str], shortest: int) -> dict[str, float]:
    """MEASURES for k >= 2 samples of a question, those left out that are not defined for it.

    `shortest` is the length in words to which samples are cut for self-BLEU and distinct-2; they
    are left out where it is below FEWEST_WORDS. Scores of different k do not compare.
    """
    k = len(draws)
    answers = [draw.parsed for draw in draws]
    right = sum(draw.correct for draw in draws)
    covered, majority = pass_at_k(k, right, k), _majority(draws, answers, golds)
    found = {
        **_diversity(draws, shortest),
        "answer_entropy": answer_entropy(answers) / log2(k),
        "agreement": agreement(answers),
        "pass_1": right / k,
        "pass_k": covered,
        "majority_k": majority,
        "coverage_gap": max(0.0, covered - majority),
    }
    same = [agrees(d.concluded, d.parsed) for d in draws if d.concluded and d.parsed]
    if same:
        found["consistency"] = sum(same) / len(same)
    return found


def measure_right(draws: Sequence[Draw], shortest: int) -> dict[str, float]:
    """OF_RIGHT for the first two right samples; empty where there are not two."""
    right = _two_right(draws)
    found = _diversity(right, shortest) if right else {}
    return {f"{name}_of_right": value for name, value in found.items()}


def measure_meaning(draws: Sequence[Draw], vectors: Mapping[str, Floats]) -> dict[str, float]:
    """The Vendi score of k >= 2 samples by the embedding, a unit vector, of each rationale.

    And that of the first two right samples, where there are two.
    """

    def score(of: Sequence[Draw]) -> float:
        similarity = cosine_similarity(np.stack([vectors[draw.rationale] for draw in of]))
        return (vendi(similarity) - 1) / (len(of) - 1)

    right = _two_right(draws)
    return {"vendi_of_meaning": score(draws)} | (
        {"vendi_of_meaning_of_right": score(right)} if right else {}
    )


def shortest_length(draws: Sequence[Draw]) -> int:
    """The words of the shortest rationale."""
    return min(len(words(draw.rationale)) for draw in draws)


def _two_right(draws: Sequence[Draw]) -> list[Draw]:
    right = [draw for draw in draws if draw.correct][:2]
    return right if len(right) == 2 else []


def _diversity(draws: Sequence[Draw], shortest: int) -> dict[str, float]:
    """How far n >= 2 samples lie apart, and their length."""
    texts, most = [words(draw.rationale) for draw in draws], len(draws) - 1
    found = {
        "vendi": (vendi(ngram_similarity(texts)) - 1) / most,
        "paths": (len({normalised_path(draw.rationale) for draw in draws}) - 1) / most,
        "edit_distance": mean_edit_distance(texts),
        "words": float(np.mean([len(text) for text in texts])),
    }
    if any(draw.path for draw in draws):
        found["exact_paths"] = (len({draw.path for draw in draws}) - 1) / most
    if any(texts):
        found["compression"] = compression_ratio([draw.rationale for draw in draws])
    if shortest >= FEWEST_WORDS:
        cut = at_length(texts, shortest)
        found |= {"self_bleu": self_bleu(cut), "distinct_2": distinct_n(cut, 2)}
    return found


def _majority(draws: Sequence[Draw], answers: Sequence[str | None], golds: Sequence[str]) -> float:
    """Right answers are those that scoring called right, however the gold is written."""
    right = [draw.parsed for draw in draws if draw.correct and draw.parsed is not None]
    return majority_at_k(answers, right or list(golds))
