"""The published benchmarks as they are, read from the folder that CASCOD_DATA names."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.benchmarks import agieval, arc, bb_sub, bbeh, bbh, granularity, mentor_kd
from tasks.problem import Problem
from tasks.scoring.option_list import option_label
from tasks.scoring.score import score

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(
        not os.environ.get("CASCOD_DATA"), reason="CASCOD_DATA names no benchmark data directory"
    ),
]

READERS: dict[str, Callable[[Path], list[Problem]]] = {
    "bbh": lambda data: bbh.problems(data, None),
    "bb_sub": bb_sub.problems,
    "agieval_en": agieval.problems,
    "arc_easy": lambda data: arc.task_problems(data, "arc_easy"),
    "arc_challenge": lambda data: arc.task_problems(data, "arc_challenge"),
    "mentor_kd": mentor_kd.problems,
    "mentor_kd_longer": mentor_kd.all_longer,
    "granularity": granularity.problems,
    "bbeh_mini": lambda data: bbeh.task_problems(data, "bbeh_mini"),
}


@pytest.fixture(scope="module")
def data() -> Path:
    return Path(os.environ["CASCOD_DATA"])


@pytest.fixture(scope="module")
def suites(data: Path) -> dict[str, list[Problem]]:
    return {name: read(data) for name, read in READERS.items()}


def test_every_suite_has_its_published_number_of_items(
    suites: dict[str, list[Problem]], data: Path
) -> None:
    assert {name: len(items) for name, items in suites.items()} == {
        "bbh": 6511,
        "bb_sub": 5286,
        "agieval_en": 2546,
        "arc_easy": 2376,
        "arc_challenge": 1172,
        "mentor_kd": 1637,
        "mentor_kd_longer": 950,
        "granularity": 290,
        "bbeh_mini": 460,
    }
    assert len(bbh.problems(data)) == 1304
    assert len(bbh.problems(data, "dev")) + len(bbh.problems(data, "train")) == 5207


def test_every_task_is_there(suites: dict[str, list[Problem]]) -> None:
    tasks = {name: {item.task for item in items} for name, items in suites.items()}
    assert tasks["bbh"] == set(bbh.TASKS)
    assert tasks["bb_sub"] == set(bb_sub.TASKS)
    assert tasks["agieval_en"] == set(agieval.TASKS)


@pytest.mark.parametrize("name", READERS)
def test_ids_are_unique_and_nothing_is_empty(suites: dict[str, list[Problem]], name: str) -> None:
    items = suites[name]
    assert len({item.id for item in items}) == len(items)
    assert all(item.question and item.golds and item.description for item in items)


@pytest.mark.parametrize("name", READERS)
def test_every_gold_of_a_choice_is_an_option_that_the_question_shows(
    suites: dict[str, list[Problem]], name: str
) -> None:
    for item in suites[name]:
        if item.answer_type != "choice":
            continue
        labels = [option_label(position) for position in range(len(item.options))]
        assert set(item.golds) <= set(labels), item.id
        for label, option in zip(labels, item.options, strict=True):
            assert f"\n{label} {option}" in item.question, item.id


@pytest.mark.parametrize("name", READERS)
def test_every_gold_answer_is_right_however_it_is_given(
    suites: dict[str, list[Problem]], name: str
) -> None:
    layouts = (" {}", "Some steps.\nTherefore, the answer is {}", "So the answer is {}.")
    for item in suites[name]:
        for gold in item.golds:
            for layout in layouts:
                scored = score(
                    layout.format(gold), item.golds, item.answer_type, options=item.options
                )
                assert scored.correct, (item.id, layout, scored)


def test_answer_types_of_bbh_tell_choices_from_texts(suites: dict[str, list[Problem]]) -> None:
    assert Counter(item.answer_type for item in suites["bbh"]) == {
        "choice": 4071,
        "yes_no": 1437,
        "number": 500,
        "free_text": 253,
        "word_list": 250,
    }
    odd = [i for i in suites["bbh"] if i.answer_type != bbh.ANSWER_TYPES[i.task]]
    assert [item.golds[0] for item in odd] == [
        "Monsters, Inc",
        "dearth, wind, & fire",
        "rita, sue and bob poo",
    ]


def test_no_place_among_bb_subs_options_tells_the_answer(
    suites: dict[str, list[Problem]],
) -> None:
    first: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for item in suites["bb_sub"]:
        sizes[item.task] += 1
        first[item.task] += "(A)" in item.golds
    assert max(first[task] / sizes[task] for task in sizes) < 0.75


def test_bb_sub_items_with_several_best_options(suites: dict[str, list[Problem]]) -> None:
    assert sum(len(item.golds) > 1 for item in suites["bb_sub"]) == 8


def test_agieval_clusters(suites: dict[str, list[Problem]]) -> None:
    clusters = {
        task: {item.cluster for item in suites["agieval_en"] if item.task == task}
        for task in agieval.TASKS
    }
    assert {task: len(names) for task, names in clusters.items()} == {
        "aqua-rat": 254,
        "logiqa-en": 557,
        "lsat-ar": 40,
        "lsat-lr": 507,
        "lsat-rc": 40,
        "sat-en": 44,
        "sat-en-without-passage": 44,
        "sat-math": 213,
    }
    assert clusters["sat-en"] == clusters["sat-en-without-passage"]
    without_passage = [i for i in suites["agieval_en"] if i.cluster == i.id]
    assert len(without_passage) == 254 + 206


def test_causal_judgement_tells_fewer_stories_than_it_has_items(
    suites: dict[str, list[Problem]],
) -> None:
    causal = [item for item in suites["bbh"] if item.task == "causal_judgement"]
    assert len(causal) == 187
    assert len({item.cluster for item in causal}) == 63


def test_bb_sub_clusters_join_stories_and_leave_most_items_alone(
    suites: dict[str, list[Problem]],
) -> None:
    reading = [i for i in suites["bb_sub"] if i.task == "gre_reading_comprehension"]
    assert len(reading) == 32
    assert len({item.cluster for item in reading}) == 14
    assert len({item.cluster for item in suites["bb_sub"]}) == 4975
