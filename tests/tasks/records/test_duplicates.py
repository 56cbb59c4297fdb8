"""Which questions are one: the same words in another dress, small changes; and which are not."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tasks.benchmarks import agieval, bbh
from tasks.records.clusters import question_clusters
from tasks.records.duplicates import Asked, Match, duplicates, overlap

MARBLES = (
    "Nadia keeps 14 marbles in a tin under her bed and finds 9 more behind the shed on Sunday "
    "morning. How many marbles does Nadia own when she goes to school on Monday?"
)


def kinds(first: str, second: str) -> list[str]:
    return [match.kind for match in duplicates([Asked("t", first), Asked("t", second)])]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (MARBLES, f"  {MARBLES.upper()}\n"),
        (MARBLES, MARBLES.replace(".", "").replace("?", "").replace(" ", "\u00a0")),
        ("Café “Ω”: open?", "cafe\u0301 'ω' — open".replace(" —", "")),
        ("Pick.\n(A) red\n(B) blue", "Pick:\na. red\nb) blue"),
        ("What is x² + 1?", "what is x^2+1"),
        ("5 − 3", "5 - 3"),
        ("東京はどこですか。", "東京は どこですか"),
        ("So\u00adlu\u200btion?", "Solution"),
    ],
)
def test_spelling_makes_no_other_question(first: str, second: str) -> None:
    assert kinds(first, second) == ["identical"]


@pytest.mark.parametrize(
    "second",
    [
        MARBLES.replace("under", "beneath"),
        MARBLES.replace("Sunday", "Sudnay"),
        f"{MARBLES} Let us think step by step.",
        f"Read the question and answer it. {MARBLES}",
        f"{MARBLES}\nOptions:\n(A) 5\n(B) 23",
        f"{MARBLES} Answer choices: (A) 5, (B) 23",
    ],
)
def test_small_changes_make_no_other_question(second: str) -> None:
    assert kinds(MARBLES, second) == ["near"]


def test_options_in_another_order_make_no_other_question() -> None:
    first = "Which is green?\nOptions:\n(A) apple\n(B) pear"
    assert kinds(first, "Which is green?\nOptions:\n(A) pear\n(B) apple") == ["near"]
    assert kinds(first, "Which is green?\nOptions:\n(A) plum\n(B) pear") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (MARBLES, MARBLES.replace("14", "15")),
        ("2 + 3?", "2 - 3?"),
        ("What is 1.5 + 1?", "What is 15 + 1?"),
        ("What is 10² in words?", "What is 102 in words?"),
        ("Close: ( [ {", "Close: ( { ["),
        ("not True or False and True", "True or not False and True"),
    ],
)
def test_other_numbers_signs_or_order_make_another_question(first: str, second: str) -> None:
    assert kinds(first, second) == []


def test_a_name_that_a_template_puts_elsewhere_makes_another_question() -> None:
    """Word for word they share more than 0.8; but what differs is what the other questions consist
    of.
    """
    names = ("Ann", "Bob", "Cem", "Dai", "Eva")
    pairs = [(one, other) for one in names for other in names if one != other]
    questions = [
        "At a dance in the hall each friend has one partner, and then partners change three times. "
        f"First {a[0]} and {a[1]} swap partners. Then {b[0]} and {b[1]} swap partners. "
        f"Last {c[0]} and {c[1]} swap partners. At the end of the dance who is with Ann?"
        for a in pairs[::3]
        for b in pairs[1::3]
        for c in pairs[2::3]
    ]
    assert duplicates([Asked("dance", question) for question in questions]) == []


def test_questions_of_two_tasks_are_never_one() -> None:
    assert duplicates([Asked("one", MARBLES), Asked("other", MARBLES)]) == []


def test_clusters_are_joined_over_questions_and_over_their_own_names() -> None:
    questions = ["Who?", "What?", "who", "Where to?", "Where from?"]
    clusters = ["a", "b", "c", "c", "d"]
    assert question_clusters(["t"] * 5, questions, clusters) == ["a", "b", "a", "a", "d"]


def test_overlap_names_the_question_that_was_trained_on_whatever_its_task() -> None:
    trained = [Asked("own", "Who?"), Asked("own", MARBLES), Asked("own", "Who?")]
    asked = [Asked("exam", "Where?"), Asked("exam", f"Think. {MARBLES}"), Asked("exam", "WHO?")]
    assert overlap(trained, asked) == [Match(1, 1, "near"), Match(0, 2, "identical")]


@pytest.mark.real_data
def test_real_templates_are_kept_apart() -> None:
    """Pairs found were read by hand: BIG-Bench Hard's tell one story twice, AGIEval's share a
    passage.
    """
    data = os.environ.get("CASCOD_DATA")
    if not data:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    found = {}
    for name, problems in (
        ("bbh", bbh.problems(Path(data), split=None)),
        ("agieval", [p for t in agieval.TASKS for p in agieval.task_problems(Path(data), t)]),
    ):
        asked = [Asked(problem.task, problem.question) for problem in problems]
        matches = duplicates(asked)
        found[name] = Counter(match.kind for match in matches)
        tasks = {asked[match.first].task for match in matches if match.kind == "near"}
        assert not any(task.startswith(("tracking", "logical", "navigate")) for task in tasks)
    assert found["bbh"] == {"identical": 4, "near": 55}
    assert found["agieval"] == {"identical": 2, "near": 142}
