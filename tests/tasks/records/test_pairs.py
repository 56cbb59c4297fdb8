"""Right and wrong chains of one question, put together as dual chains."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.commands import data
from harness.running.experiment_file import load_experiment
from harness.running.training_data import training_data
from tasks.benchmarks import bbh
from tasks.data_source import local_data_dir
from tasks.errors import UserError
from tasks.records.pairs import pair_chains
from tasks.records.provenance import provenance_of
from tasks.records.record import CoTRecord, WrongChain, read_records, write_records


def record(name: str, question: str, said: str, *, right: str = "7", task: str = "sums"):
    return CoTRecord(
        id=name,
        task=task,
        description="Add.",
        question=question,
        answer=right,
        rationale=f"So {name} says {said}.",
        teacher="t",
        teacher_answer=said,
        teacher_correct=said == right,
    )


RIGHT, WRONG = record("a", "3 + 4?", "7"), record("b", "3  + 4?", "8")


def test_a_right_chain_gets_the_wrong_one_of_its_question_and_keeps_its_place():
    other = record("c", "2 + 5?", "7")
    paired = pair_chains([WRONG, other, RIGHT])
    assert paired.records == [other, replace(RIGHT, dual=WrongChain("So b says 8.", "8"))]
    assert (paired.counts.paired, paired.counts.unpaired) == (1, 0)


def test_each_wrong_chain_is_used_once():
    rights = [replace(RIGHT, id=f"right{n}") for n in range(3)]
    wrongs = [replace(WRONG, id=f"wrong{n}", rationale=f"Slip {n}.") for n in range(2)]
    paired = pair_chains([*rights, *wrongs]).records
    assert [r.dual and r.dual.rationale for r in paired] == ["Slip 0.", "Slip 1.", None]


def test_the_same_words_in_another_task_are_another_question():
    assert pair_chains([RIGHT, replace(WRONG, task="products")]).counts.paired == 0


@pytest.mark.parametrize(
    "unusable",
    [replace(WRONG, rationale=" "), replace(WRONG, teacher_answer=""), replace(WRONG, answer="8")],
    ids=["no rationale", "no answer", "right after all"],
)
def test_what_is_no_wrong_chain_is_left_alone(unusable: CoTRecord):
    paired = pair_chains([RIGHT, unusable])
    assert paired.records == [RIGHT, unusable]
    assert paired.counts.unpaired == 1


def test_a_rectified_chain_takes_the_place_of_the_wrong_first_try():
    chain = replace(record("x", "3 + 4?", "7"), rationale="Three and four.", teacher="told")
    [got] = pair_chains([WRONG], [chain]).records
    assert got == replace(
        WRONG,
        rationale="Three and four.",
        teacher="told",
        teacher_answer="7",
        teacher_correct=True,
        dual=WrongChain("So b says 8.", "8"),
        rectified=True,
    )


def test_what_was_told_of_the_wrong_first_try_is_told_of_the_wrong_chain_alone():
    chain = {"model": "m", "server": "http://127.0.0.1:1/v1", "date": "2026-01-31T00:00:00+00:00"}
    terms = {"licence": "mit", "keep_until": "2030-01-31"}
    review = {"verdict": "wrong", "first_wrong_step": 0, "reviewers": ["ann"], "date": "2026-02-01"}
    told = {"chain": chain, "provenance": terms, "review": review, "quality": {"score": 0.1}}
    first = replace(WRONG, meta={"path": "adding", **told})
    [record] = pair_chains([first], [replace(RIGHT, teacher="second")]).records
    wrong = {"teacher": "t", **chain, "provenance": terms, "review": review}
    assert record.meta == {"path": "adding", "wrong_chain": wrong}
    origin = provenance_of(record)
    assert origin.teachers == ("second", "t")
    assert (origin.verdict, origin.written, origin.readers) == ("", "", ("ann",))
    assert origin.terms.keep_until == "2030-01-31"


def test_every_rectified_chain_that_does_not_enter_is_counted_under_its_reason():
    records = [WRONG, record("d", "1 + 6?", "7"), record("e", "6 + 1?", "9")]
    chains = [
        record("x", "3 + 4?", "7"),
        record("again", "3 + 4?", "7"),
        record("elsewhere", "9 + 9?", "18", right="18"),
        record("was right", "1 + 6?", "7"),
        record("wrong again", "6 + 1?", "8"),
    ]
    counts = pair_chains(records, chains, unreadable=2).counts
    assert counts.to_json() == {
        "right": 1,
        "wrong": 2,
        "paired": 0,
        "unpaired": 1,
        "rectified": 7,
        "entered": 1,
        "not_asked": 1,
        "no_wrong_try": 1,
        "still_wrong": 1,
        "repeated": 1,
        "unreadable": 2,
    }


def test_the_command_writes_valid_records_and_says_what_was_dropped(tmp_path: Path, capsys):
    write_records(tmp_path / "train.jsonl", [WRONG, record("d", "1 + 6?", "7")])
    rows = [
        {"task": "sums", "question": question, "target": "7", "completion": completion}
        for question, completion in (
            ("3 + 4?", "Three and four. So the answer is 7."),
            ("5 + 2?", "Five and two. So the answer is 7."),
            ("5 + 2?", "Five and two."),
        )
    ]
    chains = tmp_path / "told.jsonl"
    chains.write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "pairs.jsonl"
    parser = argparse.ArgumentParser()
    data.add_arguments(parser)
    arguments = ["pair", str(tmp_path / "train.jsonl"), "--rectified", str(chains)]
    data.run(parser.parse_args([*arguments, "--out", str(out)]))
    printed = capsys.readouterr().out
    assert "3 rectified chains: 1 entered" in printed
    assert "1 whose question is not among these records" in printed
    assert "1 without a cue, an answer or a rationale" in printed
    assert [(r.id, r.teacher, r.rectified) for r in read_records(out)] == [
        ("b", "told", True),
        ("d", "t", False),
    ]


@pytest.mark.real_data
def test_pairs_bring_nothing_of_the_test_split_into_training():
    """Of 1,402 rectified chains about a fifth asks questions of the hashed test split."""
    data_dir = local_data_dir(None)
    rectified = "bbh_rectified/gpt-3.5-turbo-0613.jsonl"
    experiment = load_experiment(
        "paper", {"data": {"source": "bbh_teacher", "rectified": rectified}}
    )
    trained = training_data(experiment, data_dir)
    ids, wordings = (
        {split: {key(p) for p in bbh.problems(data_dir, split)} for split in ("train", "test")}
        for key in (lambda p: p.id, lambda p: " ".join(p.question.split()))
    )
    assert {record.id for record in trained.train} <= ids["train"]
    asked = {" ".join(record.question.split()) for record in trained.train}
    assert not asked & (wordings["test"] - wordings["train"])
    entered = [record for record in trained.train if record.rectified]
    assert len(entered) == trained.paired.entered > 400
    assert all(record.dual for record in entered)


def found(verdict: str) -> dict[str, dict[str, str]]:
    return {"review": {"verdict": verdict}}


def test_a_right_answer_behind_reasoning_that_people_found_wrong_is_a_wrong_chain(tmp_path: Path):
    lucky = replace(RIGHT, id="lucky", rationale="A guess.", meta=found("wrong"))
    paired = pair_chains([lucky, RIGHT])
    [got] = paired.records
    assert got.id == "a"
    assert got.dual == WrongChain("A guess.", "7")
    assert got.meta == {"wrong_chain": found("wrong")}
    assert (paired.counts.right, paired.counts.wrong, paired.counts.paired) == (1, 1, 1)
    # Only for that reason may a wrong chain have the right answer.
    write_records(tmp_path / "pairs.jsonl", [got])
    assert read_records(tmp_path / "pairs.jsonl")[0].dual == got.dual
    write_records(tmp_path / "unread.jsonl", [replace(got, meta={})])
    with pytest.raises(UserError, match="its answer is the right one"):
        read_records(tmp_path / "unread.jsonl")


def test_a_wrong_answer_whose_reasoning_people_found_right_is_no_wrong_chain():
    misread = replace(WRONG, meta=found("right"))
    paired = pair_chains([misread, RIGHT])
    assert paired.records == [misread, RIGHT]
    assert (paired.counts.right, paired.counts.wrong) == (1, 0)


def test_a_review_stays_with_the_chain_that_was_read():
    wrong = replace(WRONG, meta=found("wrong"))
    [paired] = pair_chains([replace(RIGHT, meta=found("right") | {"batch": 2}), wrong]).records
    assert paired.meta == found("right") | {"batch": 2, "wrong_chain": found("wrong")}
    assert paired.counterpart().meta == {"batch": 2, "wrong_chain": found("wrong")}
    chain = replace(record("x", "3 + 4?", "7"), rationale="Three and four.", teacher="told")
    [rectified] = pair_chains([wrong], [chain]).records
    assert rectified.meta == {"wrong_chain": found("wrong")}
