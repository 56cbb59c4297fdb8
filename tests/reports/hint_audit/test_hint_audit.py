"""The audit finds what a question gives away, and nothing where it gives nothing away."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from harness.cli import main
from reports.hint_audit.audit import audit, in_words, independent
from reports.hint_audit.bag_of_words import predictability
from reports.hint_audit.competency import associations, phrases
from reports.hint_audit.overlaps import told_once
from tasks.procedural.suite import training_records
from tasks.records.record import CoTRecord, write_records

FILLER = [
    "the",
    "old",
    "red",
    "cup",
    "of",
    "Dan",
    "and",
    "his",
    "dog",
    "stood",
    "near",
    "a",
    "tall",
    "green",
    "house",
    "by",
    "river",
]


def question(rng: random.Random, cue: str = "") -> str:
    return f"{cue} {' '.join(rng.sample(FILLER, 6))} {rng.randrange(10**6)} ?".strip()


def planted(strength: float, count: int = 120, seed: int = 0) -> tuple[list[str], list[str]]:
    """Questions that open with "psst" where the answer is yes, with this strength."""
    rng = random.Random(seed)
    answers = ["yes", "no"] * (count // 2)
    shown = [answer if rng.random() < strength else rng.choice(["yes", "no"]) for answer in answers]
    return [question(rng, "psst now" if cue == "yes" else "") for cue in shown], answers


def test_phrases_are_runs_of_words_and_signs():
    assert phrases("Is it (A)?") >= {"is", "is it", "it ( a )", "?"}


def test_a_known_association_has_its_z_and_its_exact_p():
    # 10 of 20 questions have the word; 9 of those and 1 of the others are answered yes.
    asked = [f"cue {i}" for i in range(10)] + [f"none {i}" for i in range(10)]
    answers = ["yes"] * 9 + ["no"] + ["yes"] + ["no"] * 9
    found, tested = associations(["t"] * 20, asked, answers)
    assert tested == 4  # two words, two answers
    first = next(each for each in found if (each.phrase, each.answer) == ("cue", "yes"))
    assert (first.questions, first.share, first.base) == (10, 0.9, 0.5)
    assert first.z == pytest.approx(0.4 / sqrt(0.25 / 10))
    # Fisher: C(10,9) C(10,1) / C(20,10) + C(10,10) C(10,0) / C(20,10)
    assert first.p == pytest.approx(101 / 184756)
    assert first.p_adjusted == pytest.approx(4 * first.p)


def test_a_planted_phrase_is_found_and_told_by_its_longest_form():
    asked, answers = planted(0.9)
    found, _ = associations(["t"] * len(asked), asked, answers)
    assert (found[0].phrase, found[0].answer) == ("psst now", "yes")
    assert found[0].p_adjusted < 1e-6


def test_overlapping_phrases_of_the_same_questions_are_told_once(tmp_path, capsys):
    rng = random.Random(1)
    records = []
    for i in range(120):
        answer = "yn"[i % 2]
        # The phrase is six words long, and broken now and then, so that its parts differ a little.
        hint = ["mind", "the", "old", "gap", "now", "please"]
        if rng.random() < 0.05:
            hint[rng.randrange(6)] = "x"
        asked = question(rng, " ".join(hint) if answer == "y" else "")
        records.append(CoTRecord(str(i), "t", "", asked, answer, "So.", "x", answer, True))
    file, out = tmp_path / "records.jsonl", tmp_path / "found.json"
    write_records(file, records)
    assert main(["audit", str(file), "--json", str(out)]) == 0
    found = json.loads(out.read_text())["associations"]
    of_hint = [each for each in found if {"mind", "gap", "please"} & set(each["phrase"].split())]
    assert len(of_hint) == 1
    assert of_hint[0]["overlapping"] >= 5
    said = capsys.readouterr().out
    assert f"and {of_hint[0]['overlapping']} that overlap" in said
    assert "without those that only overlap with a stronger one" in said


def test_a_phrase_that_stands_in_other_questions_too_is_a_finding_of_its_own():
    rng = random.Random(2)
    asked = [question(rng, ["look here", "look"][i % 2] if i < 60 else "") for i in range(120)]
    answers = ["yes"] * 60 + ["no"] * 60
    found, _ = associations(["t"] * 120, asked, answers)
    told = told_once([e for e in found if e.p_adjusted < 0.05], ["t"] * 120, asked)
    assert [(each.phrase, each.overlapping) for each in told if "look" in each.phrase] == [
        ("look", 1)
    ]
    only_rare = [each for each in found if each.phrase == "look here"]
    wide_behind = [*only_rare, *(each for each in found if each.phrase == "look")]
    told = told_once([e for e in wide_behind if e.answer == "yes"], ["t"] * 120, asked)
    assert [(each.phrase, each.overlapping) for each in told] == [("look here", 0), ("look", 0)]


def test_answers_that_have_nothing_to_do_with_the_words_raise_few_alarms():
    alarms = 0
    for seed in range(100):
        asked, answers = planted(0.0, count=60, seed=seed)
        found, tested = associations(["t"] * 60, asked, answers)
        assert tested > 20
        alarms += found[0].p_adjusted < 0.05
    assert alarms <= 10  # 5 expected, standard deviation 2.2


def test_the_same_question_counts_once():
    asked, answers = planted(0.0, count=20)
    once, tested = associations(["t"] * 20, asked, answers)
    assert associations(["t"] * 60, asked * 3, answers * 3) == (once, tested)


def test_questions_of_one_cluster_that_share_words_and_answer_raise_few_alarms():
    alarms = 0
    for seed in range(60):
        rng = random.Random(seed)
        records = []
        for story in range(50):
            told, answer = question(rng), rng.choice(["yes", "no"])
            for part in range(4):
                name = f"{story}/{part}"
                asked = f"{told} {rng.randrange(10**6)}"
                records.append(
                    CoTRecord(name, "t", "", asked, answer, "So.", "x", answer, True, str(story))
                )
        taken = independent(records)
        found, tested = associations(
            *zip(*((r.task, r.question, r.answer) for r in taken), strict=True)
        )
        assert len(taken) == 50
        assert tested > 10
        alarms += found[0].p_adjusted < 0.05
    assert alarms <= 8  # 3 expected; with all four questions of a story nearly 60


@pytest.mark.parametrize(("strength", "gives_away"), [(0.9, True), (0.0, False)])
def test_words_predict_answers_only_where_they_give_them_away(strength, gives_away):
    asked, answers = planted(strength)
    clusters = [str(i) for i in range(len(asked))]
    row = predictability("t", asked, answers, clusters, np.random.default_rng(0))
    assert (row.contrast.lower > 0) is gives_away
    assert row.majority <= 0.5


def test_questions_asked_twice_do_not_leak_from_one_fold_into_another():
    rng = random.Random(4)
    asked = [question(rng) for _ in range(60)]
    answers = [rng.choice(["yes", "no"]) for _ in asked]
    twice = predictability(
        "t", asked * 4, answers * 4, [str(i) for i in range(240)], np.random.default_rng(0)
    )
    assert twice.bag_of_words < 0.7  # from memory it would be 1


def test_too_little_to_cross_validate_is_said_to_be_open():
    record = CoTRecord("1", "t", "", "Why?", "yes", "So.", "x", "yes", True)
    few = [replace(record, id=str(i), question=f"{i}?", answer="yn"[i % 2]) for i in range(6)]
    found = audit(few, np.random.default_rng(0))
    assert found.open_tasks == ("t",)
    assert "Not looked at" in " ".join(in_words(found))


def test_the_order_of_a_file_does_not_matter():
    records = training_records(seed=0, per_family=24, rho=0.8)
    rng = np.random.default_rng
    assert audit(records, rng(0)) == audit(records[::-1], rng(0))


def test_generated_questions_give_away_what_rho_says(tmp_path, capsys):
    for rho, named in ((0.0, False), (0.9, True)):
        file = tmp_path / f"{rho}.jsonl"
        write_records(file, training_records(seed=0, per_family=80, rho=rho))
        out = tmp_path / "found.json"
        assert main(["audit", str(file), "--json", str(out), "--md", str(tmp_path / "a.md")]) == 0
        found = json.loads(out.read_text(), parse_constant=pytest.fail)
        told = {(row["task"], row["phrase"]) for row in found["associations"]}
        assert (("navigation", "here is a riddle") in told) is named
        assert ("here is a riddle" in (tmp_path / "a.md").read_text()) is named
        assert all(0 < row["p"] <= 1 for row in (*found["associations"], *found["tasks"]))
    assert "Phrases that go with an answer" in capsys.readouterr().out


def test_a_broken_file_is_named(tmp_path, capsys):
    file = tmp_path / "records.jsonl"
    file.write_text('{"id": 1}\n')
    assert main(["audit", str(file)]) == 2
    assert "records.jsonl:1" in capsys.readouterr().err
