"""Measures of diversity on built cases with known values, invariances, and slow direct
computations.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from reports.reasoning.edit_distance import mean_edit_distance
from reports.reasoning.lexical import at_length, compression_ratio, distinct_n, self_bleu
from reports.reasoning.solution_paths import normalised_path
from reports.reasoning.vendi import cosine_similarity, ngram_similarity, vendi
from reports.reasoning.word_counts import words

SAME = [words("first 2 then 3 so 5 in all")] * 4
DISJOINT = [words(text) for text in ("a b c d e", "f g h i j", "k l m n o", "p q r s t")]
MIXED = [
    words(text)
    for text in (
        "take 2 and add 3 which gives 5",
        "take 3 and add 2 which gives 5",
        "the sum of both is 5",
        "count on from 2 : 3 4 5",
    )
]


def test_words_are_lower_case_words_numbers_and_signs() -> None:
    assert words("It's 3.5 + (B)!") == ("it", "'", "s", "3.5", "+", "(", "b", ")", "!")


@pytest.mark.parametrize("order", [0.5, 1.0, 2.0, math.inf])
def test_vendi_counts_identical_texts_once_and_disjoint_ones_each(order: float) -> None:
    assert vendi(ngram_similarity(SAME), order) == pytest.approx(1)
    assert vendi(ngram_similarity(DISJOINT), order) == pytest.approx(4)
    assert vendi(ngram_similarity([*DISJOINT[:2], *DISJOINT[:2]]), order) == pytest.approx(2)


def test_vendi_of_two_texts_is_known_and_its_orders_differ() -> None:
    kernel = np.array([[1.0, 0.5], [0.5, 1.0]])  # eigenvalues of K / 2: 3/4 and 1/4
    assert vendi(kernel) == pytest.approx((4 / 3) ** 0.75 * 4**0.25)
    assert vendi(kernel, 2.0) == pytest.approx(1 / (9 / 16 + 1 / 16))
    assert vendi(kernel, math.inf) == pytest.approx(4 / 3)
    assert vendi(kernel) != pytest.approx(vendi(kernel, 2.0), abs=0.05)


def test_vendi_falls_with_its_order_on_uneven_texts() -> None:
    kernel = ngram_similarity([*SAME, DISJOINT[0]])
    values = [vendi(kernel, order) for order in (0.5, 1.0, 2.0, math.inf)]
    assert values == sorted(values, reverse=True)


def test_texts_without_a_word_are_alike_and_unlike_any_other() -> None:
    kernel = ngram_similarity([(), (), words("a")])
    assert kernel.tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]


def test_the_kernel_takes_any_embedding() -> None:
    similarity = cosine_similarity(np.array([[2.0, 0.0], [0.0, 0.5], [1.0, 1.0]]))
    assert similarity[0, 1] == 0
    assert similarity[0, 2] == pytest.approx(math.sqrt(0.5))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_distinct_n_is_one_without_repetition_and_one_in_k_for_copies(n: int) -> None:
    assert distinct_n(DISJOINT, n) == 1.0
    assert distinct_n(SAME, n) == pytest.approx(1 / 4)


def test_distinct_n_against_counting_by_hand() -> None:
    grams = [gram for text in MIXED for gram in itertools.pairwise(text)]
    assert distinct_n(MIXED, 2) == len(set(grams)) / len(grams)


def test_self_bleu_is_one_for_copies_and_near_zero_for_disjoint_texts() -> None:
    assert self_bleu(SAME) == pytest.approx(1)
    assert self_bleu(DISJOINT) == 0
    assert 0 < self_bleu(MIXED) < 1


def test_self_bleu_equals_that_of_nltk() -> None:
    bleu = pytest.importorskip("nltk.translate.bleu_score")
    smoothing = bleu.SmoothingFunction().method2
    expected = np.mean(
        [
            bleu.sentence_bleu(
                [other for j, other in enumerate(MIXED) if j != i],
                text,
                smoothing_function=smoothing,
            )
            for i, text in enumerate(MIXED)
        ]
    )
    assert self_bleu(MIXED) == pytest.approx(expected)


def test_copies_compress_and_noise_does_not() -> None:
    rng = np.random.default_rng(0)
    noise = ["".join(chr(c) for c in rng.integers(33, 126, 400)) for _ in range(4)]
    assert compression_ratio([noise[0]] * 4) > 3 > 1.5 > compression_ratio(noise)


def test_edit_distance_is_a_share_of_the_longer_text() -> None:
    assert mean_edit_distance(SAME) == 0
    assert mean_edit_distance(DISJOINT) == 1
    assert mean_edit_distance([words("a b c d"), words("a x c")]) == pytest.approx(2 / 4)


@pytest.mark.parametrize(
    "measure",
    [
        lambda texts: vendi(ngram_similarity(texts)),
        lambda texts: distinct_n(texts, 2),
        self_bleu,
        mean_edit_distance,
    ],
)
def test_no_measure_depends_on_the_order_of_samples(measure) -> None:
    values = [measure(list(order)) for order in itertools.permutations(MIXED)]
    assert values == pytest.approx([values[0]] * len(values))


def test_fixed_length_leaves_short_texts_out_rather_than_counting_them_as_diverse() -> None:
    assert at_length([words("a b c"), words("a b")], 3) == [words("a b c")]


def test_measures_of_nothing_are_errors() -> None:
    for measure in (
        lambda: vendi(np.zeros((0, 0))),
        lambda: distinct_n([()], 1),
        lambda: self_bleu(SAME[:1]),
        lambda: mean_edit_distance(SAME[:1]),
        lambda: compression_ratio(["", ""]),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            measure()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Start with 3. Adding 4 makes 7.", "We have 3, and with 4 more: 7.", False),
        ("First take 3 + 4 = 7.", "So, we compute 3 + 4 = 7", True),
        ("3 + 4 = 7", "4 + 3 = 7", False),
        ("Bob swaps with Ann. Then Ann has red.", "Now Bob and Ann swap; so Ann gets red", False),
        ("Then Bob swaps with Ann.", "Bob trades his ball to Ann!", True),
        ("It is valid.", "It is not valid.", False),
        ("", "Well...", False),
    ],
)
def test_paths_are_told_apart_by_their_steps(one: str, other: str, same: bool) -> None:
    assert (normalised_path(one) == normalised_path(other)) is same
