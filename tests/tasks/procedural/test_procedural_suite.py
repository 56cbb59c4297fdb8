"""The embedded suite: balanced, seeded, cued as asked, and no test question in training."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml

from tasks.errors import UserError
from tasks.problem import ANSWER_TYPES, Problem
from tasks.procedural import suite
from tasks.procedural.axes import AXES, AXIS_NAMES, HINTS
from tasks.procedural.catalogue import FAMILIES, IND_FAMILIES
from tasks.procedural.family import Family, Wording
from tasks.procedural.transfer_families import FAR_FAMILIES, NEAR_FAMILIES, NEAREST_FAMILIES
from tasks.records.record import CoTRecord

WORDINGS: tuple[Wording, ...] = ("seen", "mild", "held_out")
CLOSED = [family for family in IND_FAMILIES if family.answers]
TASKS = Path(suite.__file__).parent.parent


def without_hint(question: str) -> str:
    for hint in HINTS.values():
        question = question.removeprefix(f"{hint} ")
    return question


def puzzle(question: str) -> str:
    """The question without its opening phrase and without its options, whose order is surface."""
    return without_hint(question).split(" Options:")[0]


def hint_agreement(items: Iterable[tuple[str, str]]) -> float:
    agrees = [question.startswith(HINTS[answer]) for question, answer in items]
    return sum(agrees) / len(agrees)


def questions(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    return [(p.question, p.golds[0]) for p in problems if FAMILIES[p.task].answers]


def spelled(*, seed: int, count: int, beyond: int = 0) -> list[str]:
    """Pre-training texts, their pieces joined."""
    texts = suite.pretraining_texts(seed=seed, count=count, beyond=beyond)
    return ["".join(piece.text for piece in pieces) for pieces in texts]


def test_training_covers_all_ind_families_and_nothing_else() -> None:
    records = suite.training_records(seed=0, per_family=20)
    assert Counter(r.task for r in records) == {f.name: 20 for f in IND_FAMILIES}
    assert len({r.id for r in records}) == len(records)
    for record in records:
        assert record.teacher_correct
        assert record.teacher_answer == record.answer
        assert record.meta["path"]
        assert record.description == FAMILIES[record.task].description
        assert "/seen-" in record.meta["template"]


def test_there_are_families_of_every_generated_answer_type() -> None:
    assert len(IND_FAMILIES) >= 7
    for grade in (NEAREST_FAMILIES, NEAR_FAMILIES, FAR_FAMILIES):
        assert len({family.skill for family in grade}) >= 3
    assert {f.answer_type for f in IND_FAMILIES} == set(ANSWER_TYPES)


@pytest.mark.parametrize("axis", AXIS_NAMES)
def test_test_questions_are_unique_and_named_by_axis_family_and_index(axis: str) -> None:
    problems = suite.test_problems(axis, seed=3, per_family=40)
    assert [p.id for p in problems] == [
        f"{axis}/{f.name}/{i}" for f in AXES[axis].families for i in range(40)
    ]
    assert len({(p.task, puzzle(p.question)) for p in problems}) == len(problems)


@pytest.mark.parametrize("axis", AXIS_NAMES)
def test_answers_of_closed_sets_are_balanced_and_no_number_dominates(axis: str) -> None:
    problems = suite.test_problems(axis, seed=1, per_family=60)
    for family in AXES[axis].families:
        answers = Counter(p.golds[0] for p in problems if p.task == family.name)
        if family.answers:
            assert answers == {answer: 60 // len(family.answers) for answer in family.answers}
        else:
            assert max(answers.values()) / 60 < 0.4


def test_training_answers_are_balanced() -> None:
    records = suite.training_records(seed=1, per_family=60)
    for family in CLOSED:
        answers = Counter(r.answer for r in records if r.task == family.name)
        assert answers == {answer: 60 // len(family.answers) for answer in family.answers}


def test_the_word_that_joins_an_expression_does_not_tell_its_value() -> None:
    records = suite.training_records(seed=2, per_family=600)
    asked = [r for r in records if r.task == "boolean_expressions"]
    joined = Counter(
        (re.search(r"\) (and|or) \(", r.question)[1], r.answer)  # type: ignore[index]
        for r in asked
    )
    assert min(joined.values()) / len(asked) > 0.2


@pytest.mark.parametrize("axis", AXIS_NAMES)
def test_no_test_question_is_trained_on_whatever_the_seeds(axis: str) -> None:
    trained = {
        puzzle(r.question)
        for seed in range(4)
        for r in suite.training_records(seed=seed, per_family=200)
    }
    for seed in range(4):
        tested = suite.test_problems(axis, seed=seed, per_family=60)
        assert trained.isdisjoint(puzzle(p.question) for p in tested)


@pytest.mark.parametrize("beyond", [0, 2])
def test_no_test_question_is_read_in_pre_training(beyond: int) -> None:
    lines = "\n".join(spelled(seed=0, count=12_000, beyond=beyond))
    read = {puzzle(line) for line in re.findall("^Q:(.*)$", lines, flags=re.MULTILINE)}
    tested = {
        puzzle(p.question)
        for axis in AXIS_NAMES
        for p in suite.test_problems(axis, seed=0, per_family=60)
    }
    trained = {puzzle(r.question) for r in suite.training_records(seed=0, per_family=60)}
    assert read.isdisjoint(tested)
    assert read & trained  # the same comparison does find questions that are not reserved


MASKS = {
    r"Options:.*": "",
    r"\d+": "N",
    r"\b(Ann|Bob|Cid|Dan|Eve|Fay|Gus|Hal)\b": "X",
    r"\b(red|blue|green|black|white|pink)\b": "C",
    r"\b\w+day\b": "D",
    r"\b(east|west|north|south|left|right)\b": "W",
    r"\b(fruits|animals|toys)\b": "K",
    r"\b(honest|lying)\b": "H",
    r"(not )?\b(True|False)\b (?=and|or|\))": "V ",
    r"\b(and|or)\b": "&",
}


def skeleton(question: str) -> str:
    """What remains of a question when its content is masked: its wording."""
    text = without_hint(question)
    for pattern, mask in MASKS.items():
        text = re.sub(pattern, mask, text)
    return text


def test_held_out_wordings_occur_neither_in_training_nor_in_pre_training() -> None:
    lines = "\n".join(spelled(seed=0, count=8_000))
    read = re.findall("^Q:(.*)$", lines, flags=re.MULTILINE)
    trained = [r.question for r in suite.training_records(seed=0, per_family=100)]
    known = {skeleton(question) for question in (*read, *trained)}
    masked = ("arithmetic", "boolean_expressions", "calendar", "navigation", "truth_tellers")

    def share_known(axis: str) -> float:
        problems = suite.test_problems(axis, seed=0, per_family=40)
        wordings = [skeleton(p.question) for p in problems if p.task in masked]
        return sum(wording in known for wording in wordings) / len(wordings)

    assert share_known("reworded") == 0.0
    assert share_known("reworded:mild") == 0.0
    assert share_known("ind") > 0.9  # so the masks do leave the bare wording


@pytest.mark.parametrize("family", IND_FAMILIES, ids=lambda family: family.name)
def test_the_held_out_wordings_are_others_than_the_seen_ones(family: Family) -> None:
    templates = {
        wording: {
            item.template
            for item in suite.draw_items(family, "t", 40, family.sizes, wording, reserved=True)
        }
        for wording in WORDINGS
    }
    assert len(templates["held_out"]) == len(templates["mild"]) == 3
    assert len(set.union(*templates.values())) == sum(map(len, templates.values()))


def test_items_of_one_wording_are_no_cluster() -> None:
    problems = suite.test_problems("ind", seed=0, per_family=10)
    assert all(problem.cluster == problem.id for problem in problems)


def test_transfer_settings_occur_neither_in_training_nor_in_pre_training() -> None:
    texts = list(spelled(seed=0, count=8_000))
    texts += [
        f"{r.description} {r.question} {r.rationale}"
        for r in suite.training_records(seed=0, per_family=100)
    ]
    words = set(re.findall("[a-z]+", " ".join(texts).lower()))
    assert words.isdisjoint({"lift", "floor", "purse", "coins", "hat", "hats", "switch", "flip"})


@pytest.mark.parametrize(
    "axis", ["longer:+4", "reworded:mild", "transfer:near", "transfer:nearest"]
)
def test_nearer_grades_are_told_in_words_of_training_alone(axis: str) -> None:
    known = set(re.findall("[a-z]+", " ".join(spelled(seed=0, count=8_000)).lower()))
    problems = suite.test_problems(axis, seed=0, per_family=60)
    asked = re.findall(
        "[a-z]+", " ".join(f"{p.description} {p.question}" for p in problems).lower()
    )
    assert set(asked) <= known


def test_the_nearest_transfer_is_told_as_training_questions_are_of_other_things() -> None:
    asked = suite.test_problems("transfer:nearest", seed=0, per_family=60)
    trained = suite.training_records(seed=0, per_family=300)
    assert {p.description for p in asked} <= {r.description for r in trained}
    starts = {int(re.findall(r"\d+", p.question)[0]) for p in asked if p.task == "larger_numbers"}
    known = {int(re.findall(r"\d+", r.question)[0]) for r in trained if r.task == "arithmetic"}
    assert min(starts) > max(known)
    read = " ".join(spelled(seed=0, count=8_000))
    assert not re.search(r"\d up\b.*Are you|(key|moon) (is with|is held by|goes to)", read)


def test_near_transfer_is_told_as_no_trained_question_is() -> None:
    lines = "\n".join(spelled(seed=0, count=8_000))
    read = {skeleton(question) for question in re.findall("^Q:(.*)$", lines, flags=re.MULTILINE)}
    asked = suite.test_problems("transfer:near", seed=0, per_family=40)
    assert read.isdisjoint(skeleton(problem.question) for problem in asked)
    trained = {r.description for r in suite.training_records(seed=0, per_family=1)}
    assert trained.isdisjoint(problem.description for problem in asked)


def test_pre_training_knows_the_words_of_layouts_but_no_method_s_layout() -> None:
    texts = list(spelled(seed=0, count=2_000))
    for text in texts:
        # "A:" and then the rationale, or "A:" and "Rationale:" below it; the cue before the answer.
        assert not re.search(r"^A:(?! Steps:)|Therefore, the answer is", text, re.M)
    words = set(re.findall(r"\w+", " ".join(texts)))
    assert {"A", "Rationale", "Therefore", "the", "answer", "is"} <= words


def test_most_words_of_reworded_questions_are_known_from_training() -> None:
    texts = " ".join(spelled(seed=0, count=8_000))
    known = set(re.findall("[a-z]+", texts.lower()))
    asked = " ".join(p.question for p in suite.test_problems("reworded", seed=0, per_family=40))
    words = re.findall("[a-z]+", asked.lower())
    assert sum(word in known for word in words) / len(words) > 0.95


@pytest.mark.parametrize(
    ("axis", "beyond"),
    [("longer", {1, 2}), *((f"longer:+{steps}", {steps}) for steps in (1, 2, 3, 4))],
)
def test_longer_questions_are_longer_by_the_steps_of_their_grade(
    axis: str, beyond: set[int]
) -> None:
    by_name = {family.name: family for family in IND_FAMILIES}
    steps = {
        "arithmetic": lambda question: len(re.findall(r"\d+", question)) - 1,
        "navigation": lambda question: len(re.findall(r"\d+", question)),
        "boolean_expressions": lambda question: question.count("("),
        "word_sorting": lambda question: question.count(",") + 1,
    }
    for problem in suite.test_problems(axis, seed=0, per_family=20):
        if problem.task in steps:
            longest = max(by_name[problem.task].sizes)
            assert steps[problem.task](without_hint(problem.question)) - longest in beyond


def test_the_ungraded_axes_ask_what_they_asked_before_there_were_grades() -> None:
    asked = [
        problem.question
        for axis in ("ind", "longer", "reworded", "transfer", "decued")
        for problem in suite.test_problems(axis, seed=0, per_family=24)
    ]
    assert hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16] == "949d887a747b394b"


@pytest.mark.parametrize("rho", [0.0, 0.4, 1.0])
def test_the_cue_agrees_with_the_answer_as_strongly_as_asked(rho: float) -> None:
    records = suite.training_records(seed=0, per_family=300, rho=rho)
    tested = suite.test_problems("ind", seed=0, per_family=150, rho=rho)
    for family in CLOSED:
        expected = rho + (1 - rho) / len(family.answers)
        trained = [(r.question, r.answer) for r in records if r.task == family.name]
        asked = [(p.question, p.golds[0]) for p in tested if p.task == family.name]
        assert hint_agreement(trained) == pytest.approx(expected, abs=0.09)
        assert hint_agreement(asked) == pytest.approx(expected, abs=0.13)


@pytest.mark.parametrize("axis", [axis for axis in AXIS_NAMES if axis != "ind"])
def test_outside_the_ind_test_the_cue_is_independent_of_the_answer(axis: str) -> None:
    problems = suite.test_problems(axis, seed=0, per_family=150, rho=1.0)
    asked = questions(problems)
    chance = sum(1 / len(FAMILIES[p.task].answers) for p in problems if FAMILIES[p.task].answers)
    assert hint_agreement(asked) == pytest.approx(chance / len(asked), abs=0.09)


def test_the_decued_test_asks_the_ind_questions_under_other_cues() -> None:
    ind = suite.test_problems("ind", seed=0, per_family=30, rho=1.0)
    decued = suite.test_problems("decued", seed=0, per_family=30, rho=1.0)
    closed = {f.name for f in CLOSED}
    assert [without_hint(p.question) for p in decued] == [
        without_hint(p.question) for p in ind if p.task in closed
    ]
    assert {p.task for p in decued} == closed


def test_families_without_a_closed_answer_set_carry_no_cue() -> None:
    for record in suite.training_records(seed=0, per_family=30, rho=1.0):
        cued = record.question != without_hint(record.question)
        assert cued == bool(FAMILIES[record.task].answers)


def test_neither_cue_nor_noise_changes_which_questions_are_drawn() -> None:
    def drawn(records: list[CoTRecord]) -> list[tuple[str, str]]:
        return [(without_hint(r.question), r.answer) for r in records]

    plain = drawn(suite.training_records(seed=5, per_family=40))
    assert plain == drawn(suite.training_records(seed=5, per_family=40, rho=0.7, noise=0.5))
    assert plain != drawn(suite.training_records(seed=6, per_family=40))


def test_a_noisy_teacher_slips_as_often_as_asked_and_the_gold_answer_stays() -> None:
    clean = suite.training_records(seed=0, per_family=100)
    noisy = suite.training_records(seed=0, per_family=100, noise=0.3)
    faulty = [r for r in noisy if r.meta["faulty"]]
    assert len(faulty) / len(noisy) == pytest.approx(0.3, abs=0.06)
    assert [r.answer for r in noisy] == [r.answer for r in clean]
    assert all(r.teacher_correct == (r.teacher_answer == r.answer) for r in noisy)
    assert sum(not r.teacher_correct for r in faulty) / len(faulty) > 0.5
    assert all(r.teacher_correct for r in noisy if not r.meta["faulty"])


def test_every_solution_path_of_a_family_is_taught() -> None:
    records = suite.training_records(seed=0, per_family=60)
    for family in IND_FAMILIES:
        strategies = Counter(r.meta["path"].split(":")[0] for r in records if r.task == family.name)
        assert len(strategies) >= 2
        assert min(strategies.values()) >= 5


@pytest.mark.parametrize("axis", AXIS_NAMES)
def test_questions_stay_short(axis: str) -> None:
    most = 110 if axis.startswith("longer") else 50
    for problem in suite.test_problems(axis, seed=0, per_family=60):
        assert len(problem.question.split()) <= most


def test_rationales_spell_their_steps_in_few_words() -> None:
    lengths = [len(r.rationale.split()) for r in suite.training_records(seed=0, per_family=100)]
    assert min(lengths) >= 7
    assert max(lengths) <= 60


FINGERPRINT = """
import hashlib
from tasks.procedural import suite
parts = [repr(suite.training_records(seed=7, per_family=12, rho=0.5, noise=0.5))]
parts += [repr(suite.test_problems(a, seed=7, per_family=12)) for a in suite.AXIS_NAMES]
parts += map(repr, suite.pretraining_texts(seed=7, count=300))
print(hashlib.sha256("".join(parts).encode()).hexdigest())
"""


def test_a_seed_gives_the_same_suite_in_every_process() -> None:
    prints = set()
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        run = subprocess.run(
            [sys.executable, "-c", FINGERPRINT.replace("suite.AXIS_NAMES", repr(AXIS_NAMES))],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        prints.add(run.stdout.strip())
    assert len(prints) == 1


def test_a_pre_training_beyond_the_records_reads_so_many_steps_more() -> None:
    def most_words(beyond: int) -> int:
        lines = "\n".join(spelled(seed=0, count=3_000, beyond=beyond))
        sortings = re.findall(r"^Q:(?:Put in order|Sort these words): (.*)$", lines, re.MULTILINE)
        return max(len(words.split(", ")) for words in sortings)

    longest = next(max(f.sizes) for f in IND_FAMILIES if f.name == "word_sorting")
    assert [most_words(beyond) - longest for beyond in (0, 2)] == [0, 2]


def test_asking_for_a_longer_pre_training_keeps_its_beginning() -> None:
    short = list(spelled(seed=0, count=50))
    assert list(spelled(seed=0, count=100))[:50] == short


def test_bad_requests_are_refused_in_one_line() -> None:
    with pytest.raises(UserError, match=r"rho is 1\.5, must lie between 0 and 1"):
        suite.training_records(seed=0, per_family=1, rho=1.5)
    with pytest.raises(UserError, match="no test axis 'sideways'; there are: ind, longer"):
        suite.test_problems("sideways", seed=0, per_family=1)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="ask for fewer than 100000 a family"):
        suite.training_records(seed=0, per_family=100_000)


@pytest.mark.parametrize("axis", AXIS_NAMES)
def test_every_family_of_an_axis_is_an_lm_eval_task_of_its_group(axis: str) -> None:
    name = "embedded" if axis == "ind" else re.sub(r"\W+", "_", axis)
    folder = "ind/embedded" if axis == "ind" else f"ood/{axis.replace(':', '/')}"
    files = {path.stem: path for path in (TASKS / folder).glob("*.yaml")}
    group = yaml.safe_load(files.pop(f"cascod_{name}").read_text())
    files.pop("_template", None)
    assert set(files) == {family.name for family in AXES[axis].families}
    assert group["group"] == f"cascod_{name}"
    assert group["task"] == [f"cascod_{name}_{f.name}" for f in AXES[axis].families]
    for family, path in files.items():
        task = yaml.safe_load(path.read_text())
        assert task["task"] == f"cascod_{name}_{family}"
        assert task["dataset_kwargs"] == {"axis": axis, "family": family}


def test_generated_questions_list_their_options_themselves_and_are_asked_as_they_stand() -> None:
    records = suite.training_records(seed=0, per_family=20)
    assert any(record.options for record in records)
    assert [record.asked for record in records] == [record.question for record in records]
