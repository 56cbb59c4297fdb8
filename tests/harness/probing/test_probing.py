"""What a student would answer without its rationale, with parts of it, or with another one."""

from __future__ import annotations

import pytest
import torch
from random_students import ON_SLOTS, THROUGH_GENERATE, student

from harness.engines.prefix_tree import PrefixTree
from harness.engines.tree_scores import continuation_scores
from harness.probing.candidates import candidates
from harness.probing.conditions import Asked, build, shares
from harness.probing.mistake import with_mistake
from reports.reasoning.probe_measures import FILLER, MISTAKE, NONE, OTHER, OWN
from tasks.problem import Problem

WORDS = ["yes", "no", "so", "it", "is", "first", "then", "...", "Answer:"]


def encode(text: str) -> list[int]:
    return [10 + WORDS.index(word) for word in text.split()]


def asked(**changes) -> Asked:
    fields = {
        "prompt_ids": [1, 2, 3],
        "cue_ids": (18,),
        "rationale": " first it is so then it is no",
        "mistaken": " first it is so then it is yes",
        "other": " it is so",
        "candidates": ("yes", "no"),
        "answer_end": (5,),
    }
    return Asked(**(fields | changes))


def directly(model, ids: list[int], count: int) -> float:
    """The log probability of the last `count` ids, by a plain forward pass over them all."""
    with torch.inference_mode():
        scores = torch.log_softmax(model(torch.tensor([ids])).logits[0].float(), dim=-1)
    return sum(float(scores[i - 1, ids[i]]) for i in range(len(ids) - count, len(ids)))


@pytest.mark.parametrize("name", ON_SLOTS + THROUGH_GENERATE)
def test_one_pass_over_the_tree_equals_a_pass_over_every_text(name):
    model = student(name)
    tree, leaves = build(asked(), encode)
    places = [leaf for each in leaves.values() for leaf in each]
    expected = [directly(model, tree.text(leaf), len(tree.segments[leaf])) for leaf in places]
    assert continuation_scores(model, tree, places) == pytest.approx(expected, abs=1e-3)
    assert max(expected) - min(expected) > 1


def test_every_condition_asks_behind_the_text_it_names():
    tree, leaves = build(asked(), encode)
    own = encode(asked().rationale)
    texts = {
        condition: tree.text(yes)[3 : -len(tree.segments[yes]) - 1]
        for condition, (yes, _) in leaves.items()
    }
    assert texts == {
        NONE: [],
        "part_25": own[:2],
        "part_50": own[:4],
        "part_75": own[:6],
        OWN: own,
        FILLER: encode("...") * 8,
        MISTAKE: encode(asked().mistaken),
        OTHER: encode(asked().other),
    }
    assert {tuple(tree.text(no)[-3:]) for _, no in leaves.values()} == {(18, 11, 5)}


def test_a_student_that_wrote_nothing_is_asked_the_same_thing_throughout():
    tree, leaves = build(asked(rationale=" ", mistaken=None, other=None), encode)
    assert {tuple(tree.text(leaf)) for leaf, _ in leaves.values()} == {(1, 2, 3, 18, 10, 5)}
    assert set(leaves) == {NONE, "part_25", "part_50", "part_75", OWN, FILLER}


def test_nothing_stands_before_a_continuation():
    tree = PrefixTree()
    leaf = tree.add(None, [1])
    with pytest.raises(ValueError, match="nothing stands before"):
        continuation_scores(student("llama"), tree, [leaf])


def test_shares_are_probabilities_however_unlikely_all_candidates_are():
    assert shares([-2000.0, -2000.0]) == pytest.approx([0.5, 0.5])
    assert shares([0.0, -1e9]) == [1.0, 0.0]


@pytest.mark.parametrize(
    ("rationale", "wrong"),
    [
        ("3 + 4 = 7. So she has 7.", "3 + 4 = 7. So she has 8."),
        ("It costs 2.5 in all.", "It costs 3.5 in all."),
        ("2 is even. It is before noon.", "2 is even. It is after noon."),
        ("So it is (B).", "So it is (C)."),
        ("So it is (C).", "So it is (A)."),
        ("Not (A) but the red ball.", "Not (A) but the blue ball."),
        ("He sits on the left.", "He sits on the right."),
        ("Then the lamp is on.", "Then the lamp is off."),
        ("No, true.", "No, false."),
        ("So it falls on Monday.", "So it falls on Friday."),
        ("Nothing here to change.", None),
        ("", None),
    ],
)
def test_the_last_thing_that_can_be_wrong_becomes_wrong(rationale, wrong):
    options = ("a cup", "red ball", "blue ball")
    assert with_mistake(rationale, options, ("Friday", "Monday")) == wrong


def problem(gold: str, answer_type, options=()) -> Problem:
    return Problem("t/0", "t", "", "?", (gold,), answer_type, "t/0", options)


@pytest.mark.parametrize(
    ("item", "golds", "expected"),
    [
        (problem("(B)", "choice", ("x", "y", "z")), ["(B)"], ("(A)", "(B)", "(C)")),
        (problem("No", "yes_no"), ["No"], ("Yes", "No")),
        (problem("invalid", "yes_no"), ["invalid"], ("valid", "invalid")),
        (problem("Monday", "free_text"), ["Monday", "Friday"], ("Friday", "Monday")),
        (problem("one two", "word_list"), [f"w{i} two" for i in range(99)], ()),
        (problem("7", "number"), ["7"], ()),
    ],
)
def test_the_answers_that_an_item_could_have(item, golds, expected):
    assert candidates(item, golds) == expected


def test_numbers_are_their_commonest_answers_and_the_gold():
    golds = [str(n) for n in range(30) for _ in range(n)]
    found = candidates(problem("3", "number"), golds)
    assert set(found) == {"3", *(str(n) for n in range(21, 30))}
