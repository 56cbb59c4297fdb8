"""All offline measures of one question's samples, each in [0, 1] so that methods can be contrasted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from reports.reasoning.coverage import agreement, answer_entropy, majority_at_k, pass_at_k
from reports.reasoning.edit_distance import mean_edit_distance
from reports.reasoning.lexical import at_length, distinct_n, self_bleu
from reports.reasoning.solution_paths import normalised_path
from reports.reasoning.vendi import ngram_similarity, vendi
from reports.reasoning.words import Words, words

# Samples of one length are compared, but not of so few words that nothing can be told.
FEWEST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Draw:
    """One sample of a question: its rationale, its answer as read, whether that is right."""

    rationale: str
    parsed: str | None
    correct: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """What a measure is called, what its ends mean, and its known weakness."""

    name: str
    title: str
    reading: str


MEASURES = (
    Measure(
        "vendi",
        "Vendi score",
        "Effective number of different rationales, as a share: 0 all alike, 1 nothing in common. Counts "
        "wording: a paraphrase is as different as another way of thinking.",
    ),
    Measure(
        "paths",
        "distinct paths",
        "Different sequences of numbers, signs, options and names, as a share: 0 one path, 1 each its "
        "own. A slip in a number counts as a path, so errors look diverse too.",
    ),
    Measure(
        "edit_distance",
        "edit distance",
        "Mean share of words by which two samples differ: 0 identical, 1 no word in place. Reordering "
        "counts twice.",
    ),
    Measure(
        "self_bleu",
        "self-BLEU",
        "How well other samples predict one sample's word runs: 1 copies, 0 disjoint, so low is wide. "
        "Short texts score low by chance.",
    ),
    Measure(
        "distinct_2",
        "distinct-2",
        "Different word pairs over all word pairs, every sample cut to the question's shortest: near 1 "
        "no repetition. Falls with length, so figures of different questions do not compare.",
    ),
    Measure(
        "answer_entropy",
        "answer entropy",
        "Spread of final answers: 0 always the same, 1 each another. High means undecided, not creative.",
    ),
    Measure(
        "agreement",
        "agreement",
        "Chance that two samples give the same readable answer. A student that always errs alike agrees.",
    ),
    Measure("pass_1", "pass@1", "Mean accuracy of one sample."),
    Measure(
        "pass_k",
        "pass@k",
        "Share of questions that at least one of the k samples solves. Guessing helps where options are "
        "few.",
    ),
    Measure(
        "majority_k",
        "majority@k",
        "Accuracy of the most frequent answer; ties share. Below pass@1 where errors agree.",
    ),
    Measure(
        "coverage_gap",
        "pass@k − majority@k",
        "What sampling reaches and voting does not find: room that the student cannot use by itself.",
    ),
)
OF_CORRECT = (
    Measure(
        "vendi_of_right",
        "Vendi, two right samples",
        "The same for two right samples of a question alone, since incoherence is diverse, too; "
        "questions where every system has two.",
    ),
    Measure(
        "edit_distance_of_right",
        "edit distance, two right samples",
        "The same for two right samples alone.",
    ),
)


def measure_all(draws: Sequence[Draw], golds: Sequence[str], shortest: int) -> dict[str, float]:
    """Every one of MEASURES for k >= 2 samples of a question.

    `shortest` is the length in words to which samples are cut for distinct-2; the measure is left out
    where that is below FEWEST_WORDS. Scores of different k do not compare.
    """
    k = len(draws)
    texts = [words(draw.rationale) for draw in draws]
    answers = [draw.parsed for draw in draws]
    right = sum(draw.correct for draw in draws)
    covered, majority = pass_at_k(k, right, k), _majority(draws, answers, golds)
    found = {
        "vendi": (vendi(ngram_similarity(texts)) - 1) / (k - 1),
        "paths": (len({normalised_path(draw.rationale) for draw in draws}) - 1) / (k - 1),
        "edit_distance": mean_edit_distance(texts),
        "self_bleu": self_bleu(texts),
        "answer_entropy": answer_entropy(answers) / log2(k),
        "agreement": agreement(answers),
        "pass_1": right / k,
        "pass_k": covered,
        "majority_k": majority,
        "coverage_gap": max(0.0, covered - majority),
    }
    if shortest >= FEWEST_WORDS:
        found["distinct_2"] = distinct_n(at_length(texts, shortest), 2)
    return found


def measure_right(draws: Sequence[Draw]) -> dict[str, float] | None:
    """OF_CORRECT for the first two right samples; None where there are not two."""
    right: list[Words] = [words(draw.rationale) for draw in draws if draw.correct][:2]
    if len(right) < 2:
        return None
    return {
        "vendi_of_right": vendi(ngram_similarity(right)) - 1,
        "edit_distance_of_right": mean_edit_distance(right),
    }


def shortest_length(draws: Sequence[Draw]) -> int:
    """The words of the shortest rationale."""
    return min(len(words(draw.rationale)) for draw in draws)


def _majority(
    draws: Sequence[Draw], answers: Sequence[str | None], golds: Sequence[str]
) -> float:
    """Right answers are those that scoring called right, however the gold is written."""
    right = [draw.parsed for draw in draws if draw.correct and draw.parsed is not None]
    return majority_at_k(answers, right or list(golds))


def titles() -> Mapping[str, Measure]:
    """Every measure by its name."""
    return {measure.name: measure for measure in (*MEASURES, *OF_CORRECT)}


Measurer = Callable[[Sequence[Draw]], dict[str, float]]
