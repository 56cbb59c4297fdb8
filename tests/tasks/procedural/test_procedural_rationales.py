"""Every generated rationale holds, every damaged one is found out, and paths tell them apart."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tasks.procedural.catalogue import FAMILIES
from tasks.procedural.checker import check_rationale, solution_path
from tasks.procedural.family import Derivation, Family, Item
from tasks.procedural.noise import teach

ITEMS_EACH = 50


def generated_items(family: Family) -> Iterator[Item]:
    longest = max(family.sizes) + 4 if family.role == "ind" else max(family.sizes)
    wordings = ("seen", "mild", "held_out") if family.role == "ind" else ("held_out",)
    for wording in wordings:
        for size in range(min(family.sizes), longest + 1):
            rng = random.Random(f"{family.name}/{wording}/{size}")
            for _ in range(ITEMS_EACH):
                yield family.generate(rng, size, wording)


def generated_derivations(family: Family) -> Iterator[tuple[Item, Derivation]]:
    for item in generated_items(family):
        for derivation in item.derivations():
            yield item, derivation


every_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


@every_family
def test_every_rationale_of_every_size_and_wording_passes_the_checker(family: Family) -> None:
    for item, derivation in generated_derivations(family):
        verdict = check_rationale(family.name, item.question, derivation.rationale, item.answer)
        assert verdict.valid, (item.question, derivation, verdict)


@every_family
def test_the_checker_reads_questions_behind_an_opening_phrase(family: Family) -> None:
    item, derivation = next(generated_derivations(family))
    question = f"Here is a riddle. {item.question}"
    assert check_rationale(family.name, question, derivation.rationale, item.answer).valid


@every_family
def test_a_question_has_several_solution_paths_and_each_is_read_back(family: Family) -> None:
    for item in generated_items(family):
        derivations = item.derivations()
        paths = [derivation.path for derivation in derivations]
        assert len(set(paths)) == len(paths) >= 2
        assert [solution_path(family.name, d.rationale) for d in derivations] == paths


@every_family
def test_a_slip_is_caught_at_a_step_and_keeps_a_readable_path(family: Family) -> None:
    rng = random.Random(family.name)
    wrong_answers = slips = 0
    for item in generated_items(family):
        for solver in item.solvers:
            faulty, slipped = teach(solver, rng, noise=1.0)
            verdict = check_rationale(family.name, item.question, faulty.rationale, faulty.answer)
            assert slipped
            assert not verdict.valid
            assert verdict.step >= 1
            assert solution_path(family.name, faulty.rationale)
            wrong_answers += faulty.answer != item.answer
            slips += 1
    assert wrong_answers / slips > 0.5


@every_family
def test_a_rationale_without_one_of_its_sentences_fails(family: Family) -> None:
    rng = random.Random(family.name)
    for item, derivation in generated_derivations(family):
        steps = derivation.rationale.removesuffix(".").split(". ")
        del steps[rng.randrange(len(steps))]
        damaged = ". ".join(steps) + "."
        assert not check_rationale(family.name, item.question, damaged, item.answer).valid


@every_family
def test_a_rationale_with_one_number_changed_fails(family: Family) -> None:
    rng = random.Random(family.name)
    for item, derivation in generated_derivations(family):
        numbers = list(re.finditer(r"\d+", derivation.rationale))
        if numbers:
            place = rng.choice(numbers)
            changed = str(int(place[0]) + 1)
            text = derivation.rationale
            damaged = text[: place.start()] + changed + text[place.end() :]
            assert not check_rationale(family.name, item.question, damaged, item.answer).valid


@every_family
def test_a_sound_rationale_for_another_answer_fails(family: Family) -> None:
    for item, derivation in generated_derivations(family):
        verdict = check_rationale(family.name, item.question, derivation.rationale, "nonsense")
        assert not verdict.valid
        assert "nonsense" in verdict.fault


@every_family
def test_a_rationale_of_another_question_fails(family: Family) -> None:
    rng = random.Random(f"{family.name}/others")
    items = [family.generate(rng, family.sizes[0], "held_out") for _ in range(40)]
    for item, other in pairwise(items):
        if item.content != other.content:
            rationale = other.derivations()[0].rationale
            assert not check_rationale(family.name, item.question, rationale, other.answer).valid


def test_the_first_wrong_step_is_named() -> None:
    question = "Begin with 5. Add 3. Take away 2. What number do you get?"
    right = "Begin with 5. 5 + 3 = 8. 8 - 2 = 6."
    wrong = "Begin with 5. 5 + 3 = 9. 9 - 2 = 7."
    assert check_rationale("arithmetic", question, right, "6").valid
    verdict = check_rationale("arithmetic", question, wrong, "7")
    assert (verdict.valid, verdict.step) == (False, 2)
    assert verdict.fault == "5 + 3 is not 9"


def test_right_arithmetic_on_the_wrong_numbers_fails() -> None:
    question = "There are 3 apples, 2 cows and 4 plums. How many fruits are there?"
    kept_cows = "All: 3 + 2 = 5, 5 + 4 = 9. Not fruits: plums, 4. 9 - 4 = 5."
    right = "All: 3 + 2 = 5, 5 + 4 = 9. Not fruits: cows, 2. 9 - 2 = 7."
    assert not check_rationale("object_counting", question, kept_cows, "5").valid
    assert check_rationale("object_counting", question, right, "7").valid


@pytest.mark.parametrize("text", ["", "I do not know.", "5 + 3 = 8.", "Begin with 5."])
def test_text_that_is_no_rationale_has_no_path_and_fails_as_a_whole(text: str) -> None:
    question = "Begin with 5. Add 3. Take away 2. What number do you get?"
    assert solution_path("arithmetic", text) == ""
    verdict = check_rationale("arithmetic", question, text, "6")
    assert (verdict.valid, verdict.step) == (False, 0)


def test_a_path_ignores_values_but_not_the_operations_taken() -> None:
    right = solution_path("arithmetic", "Begin with 5. 5 + 3 = 8. 8 - 2 = 6.")
    wrong_sum = solution_path("arithmetic", "Begin with 5. 5 + 3 = 9. 9 - 2 = 7.")
    other_order = solution_path("arithmetic", "Begin with 5. 5 - 2 = 3. 3 + 3 = 6.")
    assert right == wrong_sum == "in order: 5 +3 -2"
    assert other_order != right


def test_transfer_families_are_solved_in_the_language_of_their_skill() -> None:
    skill = {name: family.skill for name, family in FAMILIES.items()}
    assert skill["apples"] == skill["lift"] == skill["purse"] == skill["arithmetic"]
    assert skill["houses"] == skill["hats"] == skill["shuffled_objects"]
    assert skill["ups_and_downs"] == skill["navigation"]
    in_order = "Begin with 5. 5 + 3 = 8. 8 - 2 = 6."
    assert solution_path("lift", in_order) == solution_path("arithmetic", in_order)
