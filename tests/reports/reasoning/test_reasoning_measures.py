"""All measures of a question's samples: known cases, invariances, a direct slow computation."""

from __future__ import annotations

import random
from collections import Counter
from math import exp, log

import pytest

from reports.reasoning.conclusion import agrees, concluded
from reports.reasoning.lexical import self_bleu
from reports.reasoning.measures import (
    MEASURES,
    OF_RIGHT,
    Draw,
    measure_all,
    measure_right,
    shortest_length,
)
from reports.reasoning.word_counts import ngrams, words

TEXTS = (
    "First 3 + 4 = 7. So she has 7.",
    "All blue cups hold green tea today.",
    "Dan swaps hats with Eve before noon.",
    "nobody ever told us why, though",
)


def draws(texts, parsed="7", right=True, **fields):
    return [Draw(text, parsed, right, **fields) for text in texts]


def test_identical_samples_are_one_rationale():
    found = measure_all(draws(TEXTS[:1] * 4), ("7",), 12)
    assert found == pytest.approx(
        {
            "vendi": 0,
            "paths": 0,
            "edit_distance": 0,
            "self_bleu": 1,
            "distinct_2": 10 / 44,  # "7 ." stands there twice
            "compression": found["compression"],
            "words": 12,
            "answer_entropy": 0,
            "agreement": 1,
            "pass_1": 1,
            "pass_k": 1,
            "majority_k": 1,
            "coverage_gap": 0,
        },
        abs=1e-9,
    )
    assert found["compression"] > 2


def test_samples_with_nothing_in_common_fill_the_space():
    found = measure_all(draws(["a b c d e f", "g h i j k l", "m n o p q r"]), ("7",), 6)
    assert found["vendi"] == pytest.approx(1)
    assert found["edit_distance"] == 1
    assert found["self_bleu"] == 0
    assert found["distinct_2"] == 1


def test_k_distinct_of_n_are_counted():
    texts = [TEXTS[0], TEXTS[0], TEXTS[2], TEXTS[2], TEXTS[2]]
    assert measure_all(draws(texts), ("7",), 6)["paths"] == pytest.approx(1 / 4)
    known = [Draw(TEXTS[0], "7", True, path=path) for path in ("up", "up", "down", "", "")]
    assert measure_all(known, ("7",), 6)["exact_paths"] == pytest.approx(2 / 4)


def test_self_bleu_and_distinct_n_see_every_sample_at_the_same_length():
    same_start = draws(["a b c d e f", "a b c d", "a b c d g h i j"])
    found = measure_all(same_start, ("7",), 4)
    assert found["self_bleu"] == pytest.approx(1)
    assert found["distinct_2"] == pytest.approx(3 / 9)
    assert not {"self_bleu", "distinct_2"} & measure_all(same_start, ("7",), 3).keys()


def test_the_order_of_samples_does_not_matter():
    rng = random.Random(1)
    samples = [
        Draw(
            " ".join(rng.choices(["a", "b", "c", "1", "2", "3", "yes"], k=9)),
            rng.choice("123"),
            True,
        )
        for _ in range(6)
    ]
    other = samples[::-1]
    assert measure_all(samples, ("1",), 9) == pytest.approx(
        measure_all(other, ("1",), 9),
        rel=0.05,  # zlib sees an order
    )


def test_samples_drawn_twice_are_no_wider():
    once = measure_all(draws(TEXTS), ("7",), 6)
    twice = measure_all(draws(TEXTS * 2), ("7",), 6)
    for name in ("vendi", "paths", "edit_distance"):
        assert twice[name] < once[name]
    assert twice["self_bleu"] > once["self_bleu"]


def test_right_samples_are_measured_two_at_a_time():
    mixed = [*draws(TEXTS[:1]), *draws(TEXTS[1:3], right=False), *draws(TEXTS[:1])]
    found = measure_right(mixed, 6)
    assert found["vendi_of_right"] == pytest.approx(0)
    assert found["words_of_right"] == 12
    assert measure_right(mixed[:3], 6) == {}


def test_every_measure_stays_within_its_range_whatever_was_said():
    rng = random.Random(2)
    ranges = {m.name: (m.low, 999 if m.high is None else m.high) for m in (*MEASURES, *OF_RIGHT)}
    seen = set()
    for _ in range(60):
        lengths = rng.choice([range(3), range(4, 9)])
        samples = [
            Draw(
                " ".join(
                    rng.choices(["a", "b", "1", "2", "Dan", "yes", "(", "-"], k=rng.choice(lengths))
                ),
                rng.choice([None, "1", "2"]),
                rng.random() < 0.5,
                path=rng.choice(["", "x", "y"]),
                concluded=rng.choice([None, "1"]),
            )
            for _ in range(rng.randint(2, 6))
        ]
        shortest = shortest_length(samples)
        found = measure_all(samples, ("1",), shortest) | measure_right(samples, shortest)
        seen |= found.keys()
        for name, value in found.items():
            assert ranges[name][0] - 1e-9 <= value <= ranges[name][1] + 1e-9, name
    assert seen | {"vendi_of_meaning", "vendi_of_meaning_of_right"} == ranges.keys()


def slow_self_bleu(texts):
    scores = []
    for i, text in enumerate(texts):
        others = texts[:i] + texts[i + 1 :]
        logs = 0.0
        for n in (1, 2, 3, 4):
            own = ngrams(text, n)
            best = Counter()
            for other in others:
                best |= ngrams(other, n)
            smooth = n > 1
            matched = sum((own & best).values()) + smooth
            if not matched:
                logs = -float("inf")
                break
            logs += log(matched / (own.total() + smooth)) / 4
        closest = min((len(other) for other in others), key=lambda n: (abs(n - len(text)), n))
        brevity = min(1.0, exp(1 - closest / len(text)))
        scores.append(brevity * exp(logs))
    return sum(scores) / len(scores)


def test_self_bleu_equals_its_definition_computed_the_slow_way():
    rng = random.Random(3)
    for _ in range(20):
        texts = [
            words(
                " ".join(
                    rng.choices(
                        ["the", "a", "cat", "dog", "sat", "ran", "1", "2"], k=rng.randint(1, 20)
                    )
                )
            )
            for _ in range(rng.randint(2, 6))
        ]
        assert self_bleu(texts) == pytest.approx(slow_self_bleu(texts))


@pytest.mark.parametrize(
    ("rationale", "answer_type", "options", "conclusion"),
    [
        ("3 + 4 = 7. So she has 7.", "number", (), "7"),
        ("That makes 1,200 in all.", "number", (), "1200"),
        ("True and False is False.", "yes_no", (), "no"),
        ("The argument is not valid.", "yes_no", (), "no"),
        ("0 is the start.", "yes_no", (), None),
        ("It is red. So the answer is (B).", "choice", ("x", "y"), "(B)"),
        ("Dan has it. Then Cid has the ball.", "choice", ("Dan", "Cid"), "(B)"),
        ("(B) does not fit.", "choice", ("x", "y"), None),
        ("1 on: 1 Friday. Friday.", "free_text", (), "friday"),
        ("So we come back to where we began then.", "free_text", (), None),
        ("a, b, c.", "word_list", (), None),
        ("", "number", (), None),
    ],
)
def test_what_a_rationale_arrives_at(rationale, answer_type, options, conclusion):
    assert concluded(rationale, answer_type, options) == conclusion


def test_a_stated_answer_agrees_whichever_pair_of_words_the_task_uses():
    assert agrees("no", "false")
    assert agrees("no", "no")
    assert not agrees("no", "true")


def test_consistency_counts_samples_that_conclude_and_answer():
    samples = [
        Draw("a", "7", True, concluded="7"),
        Draw("b", "8", False, concluded="7"),
        Draw("c", None, False, concluded="7"),
        Draw("d", "9", False),
    ]
    assert measure_all(samples, ("7",), 1)["consistency"] == pytest.approx(1 / 2)
