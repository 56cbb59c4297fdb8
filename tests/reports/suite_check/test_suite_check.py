"""A suite looked at before it is asked: leaks, domain, answers, golds, what it can show."""

from __future__ import annotations

import os
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reports.suite_check.answers import balances, shortcuts
from reports.suite_check.domain import apart, area
from reports.suite_check.golds import faults
from reports.suite_check.leaks import leaks
from reports.suite_check.resolution import Assumed, resolution
from tasks.benchmarks import agieval, bbh
from tasks.problem import Problem
from tasks.procedural.suite import training_records
from tasks.records.record import record_problems

NAMES = ("Vera", "Igor", "Selma", "Yusuf", "Petra", "Tomas")


def item(name: str, question: str, gold: str = "7", *options: str, cluster: str = "") -> Problem:
    kind = "choice" if options else "yes_no" if gold in ("Yes", "No") else "number"
    return Problem(name, "ours", "", question, (gold,), kind, cluster or name, options)  # type: ignore[arg-type]


def stories(count: int, seed: int) -> list[Problem]:
    """Word problems of several wordings, no two with the same things in them."""
    rng = random.Random(seed)
    wordings = (
        "{a} packs {n} jars of honey into crates of {m} and gives {b} one. How many are left?",
        "A train of {n} seats leaves Ulm. At each of {m} stops {a} counts two people off.",
        "On Monday {a} and {b} measured {n} bolts, of which {m} were too long for their housing.",
        "The warehouse of {a} holds {n} pallets; {b} moves {m} of them to the north hall.",
        "{a} paid {n} euros for paint, {b} lent {m} euros of it and wants it back by Friday.",
    )
    return [
        item(
            f"train/{i}",
            f"Case {i}: " * (i % 7 == 0)
            + wordings[i % 5].format(
                a=rng.choice(NAMES),
                b=rng.choice(NAMES),
                n=rng.randrange(100, 999),
                m=rng.randrange(9),
            ),
        )
        for i in range(count)
    ]


def swapped(problem: Problem, rng: random.Random) -> Problem:
    """Other names and other numbers in the same words."""
    question = re.sub(r"\d+", lambda _: str(rng.randrange(1000, 9999)), problem.question)
    for name in NAMES:
        question = question.replace(name, rng.choice(("Olga", "Henrik", "Mio", "Dana")))
    return replace(problem, id=f"swapped/{problem.id}", question=question)


def test_planted_leaks_are_found_exact_and_swapped() -> None:
    rng = random.Random(0)
    trained = record_problems(training_records(seed=0, per_family=40)) + stories(100, 1)
    planted = rng.sample(trained, 50)
    exact = [
        replace(each, id=f"exact/{n}", question=f" {each.question.upper()} ")
        for n, each in enumerate(planted)
    ]
    templates = [swapped(each, rng) for each in rng.sample(trained[-100:], 50)]
    innocent = [
        item(f"own/{n}", f"Which of the {n} gauges reads low after the boiler was drained?")
        for n in range(50)
    ]
    found = {leak.item: leak for leak in leaks([*exact, *templates, *innocent], trained)}
    assert sum(found[each.id].kind == "identical" for each in exact) == 50
    of_template = [found[each.id].kind for each in templates if each.id in found]
    assert of_template.count("template") >= 45
    assert not [each.id for each in innocent if each.id in found]


def test_a_passage_and_a_phrase_of_the_training_questions_are_found() -> None:
    passage = " ".join(f"Word{n} of the old report says {n}." for n in range(5))
    phrase = "the pressure must never rise above nine bar while the outer valve is still closed"
    trained = [item("t/0", f"{passage}\n\nWho wrote it?"), item("t/1", f"Remember: {phrase}. Why?")]
    items = [
        item(
            "i/0", f"{passage}\n\nName what it leaves out, and say how its reader may have used it."
        ),
        item("i/1", f"A sign reads: {phrase}. Which two parts does the sign speak of?"),
        item("i/2", "What is a valve?"),
    ]
    found = leaks(items, trained)
    assert [(leak.item, leak.kind, leak.trained) for leak in found] == [
        ("i/0", "passage", "t/0"),
        ("i/1", "phrase", "t/1"),
    ]
    assert "must never rise above nine bar" in found[1].shared


def test_the_same_domain_cannot_be_told_apart_another_one_can() -> None:
    rng = np.random.default_rng(0)
    trained = record_problems(training_records(seed=0, per_family=40))
    alike = record_problems(training_records(seed=1, per_family=20))
    same, other = apart(alike, trained, rng), apart(stories(100, 2), trained, rng)
    assert same is not None
    assert other is not None
    assert same.auc.lower < 0.5 < 0.65 > same.auc.value
    assert other.auc.lower > 0.95
    assert {"honey", "bolts", "pallets", "jars", "euros"} & set(" ".join(other.suite_words).split())


def test_the_area_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(1)
    score, side = rng.integers(9, size=200) / 3.0, rng.integers(2, size=200)
    assert area(score, side) == pytest.approx(roc_auc_score(side, score))


def choices(count: int, seed: int, right: str, longer: str = "") -> list[Problem]:
    """Questions of four options; `right` are the places that the right one may have, `longer` is
    put behind it.
    """
    rng = random.Random(seed)
    items = []
    for n in range(count):
        gold = rng.choice(right)
        options = [f"thing {rng.randrange(1000)}" for _ in "ABCD"]
        options["ABCD".index(gold)] += longer
        items.append(item(f"i/{n}", f"Which is case {n}?", f"({gold})", *options))
    return items


def test_answers_that_stand_at_one_place_or_are_longer_are_told() -> None:
    rng = np.random.default_rng(0)
    [even], [uneven] = (balances(choices(120, 0, right), rng) for right in ("ABCD", "AAAB"))
    assert not even.uneven
    assert uneven.uneven
    assert uneven.positions[0].share > 0.6
    assert uneven.positions[0].expected == pytest.approx(0.25)
    fair = {each.name: each for each in shortcuts(choices(120, 0, "ABCD"), rng)}
    given = {each.name: each for each in shortcuts(choices(120, 0, "ABCD", " of course"), rng)}
    assert not [name for name, each in fair.items() if each.works]
    for name in ("the longest option", "words of the options alone"):
        assert given[name].works
        assert given[name].accuracy.value > 0.9


def test_yes_and_no_are_balanced_and_predicted_from_words() -> None:
    rng = np.random.default_rng(0)
    items = [
        item(f"i/{n}", f"Is gauge {n} {'red' if n % 3 else 'blue'}?", "Yes" if n % 3 else "No")
        for n in range(90)
    ]
    [balance] = balances(items, rng)
    assert balance.uneven
    assert [each.share for each in balance.positions] == pytest.approx([2 / 3, 1 / 3])
    found = {each.name: each for each in shortcuts(items, rng)}
    assert found["words of the questions of ours"].works
    assert found["the commonest answer of each task"].accuracy.value == pytest.approx(2 / 3)


def test_golds_that_are_no_answer_and_questions_asked_twice_are_named() -> None:
    items = [
        item("i/0", "How many pens are in the box?", "about twelve or so"),
        item("i/1", "Which?", "(A)", "a pear", "A pear.", "an apple"),
        item("i/2", "How many legs has a spider?", "8"),
        item("i/3", "How many legs has a spider ?", "6"),
        item("i/4", "And the beetle?", "6", cluster="insects"),
        item("i/5", "And  the Beetle?", "6", cluster="insects"),
    ]
    said = {fault.item: fault.what for fault in faults(items)}
    assert set(said) == {"i/0", "i/1", "i/3"}
    assert "does not read as an answer of type number" in said["i/0"]
    assert "two options are equal" in said["i/1"]
    assert said["i/3"] == "asks the same as i/2, with another answer"


def test_what_so_many_items_can_show() -> None:
    one, three, five = resolution([item(str(n), f"{n}?") for n in range(400)], Assumed())
    # 2.8 standard errors of sqrt(0.2 / 400).
    assert one.detectable == pytest.approx(2.80 * (0.2 / 400) ** 0.5, rel=0.01)
    assert three.detectable > five.detectable
    assert one.more_items == pytest.approx(2.80**2 * 0.2 / 0.02**2 - 400, rel=0.01)
    clustered = [item(str(n), f"{n}?", cluster=str(n // 10)) for n in range(400)]
    assert resolution(clustered, Assumed())[0].detectable > 1.1 * one.detectable
    steady = resolution(clustered, Assumed(seed_sd=1e-4))
    assert steady[2].more_items is not None
    assert not resolution([item(str(n), f"{n}?", cluster="all") for n in range(9)], Assumed())


@pytest.mark.real_data
@pytest.mark.skipif(not os.environ.get("CASCOD_DATA"), reason="CASCOD_DATA names no data")
def test_agieval_against_bbh_raises_hardly_a_false_alarm() -> None:
    data = Path(os.environ["CASCOD_DATA"])
    items = agieval.problems(data)
    found = leaks(items, bbh.problems(data, None))
    assert len(items) > 2000
    assert len(found) <= 0.02 * len(items), [(leak.item, leak.kind) for leak in found]
