"""`cascod collect` asks a real teacher through `transformers serve`: what becomes of chains."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("openai", reason="the extra `collect` is not installed")

from collect_command import collect, counts, records
from faulty_proxy import proxied
from teacher_dialogues import LONG, QUESTIONS, write_questions

from harness.cli import main

# What becomes of chains


def test_chains_become_records_scored_as_the_importer_does(
    questions: Path, tmp_path: Path, server: str, teacher: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert collect(questions, out, server, teacher) == 0
    assert counts(out) == {"asked": 6, "right": 2, "wrong": 2, "unread": 1, "cut": 1}
    assert set(records(out)) == {"ann/0", "bob/0", "eve/0", "fay/0"}
    ann, bob = records(out)["ann/0"], records(out)["bob/0"]
    assert (ann.rationale, ann.teacher_answer, ann.teacher_correct) == (
        "3 and 4 make 7.",
        "7",
        True,
    )
    assert (bob.rationale, bob.answer, bob.teacher_answer) == ("5 and 2 make 7.", "3", "7")
    assert not bob.teacher_correct
    assert {record.cluster for record in records(out).values()} == {
        f"counting/{name}" for name in ("ann", "bob", "eve", "fay")
    }
    assert main(["data", "check", str(out / "records.jsonl")]) == 0
    assert "4 records, all valid" in capsys.readouterr().out


def test_terms_stand_in_every_record(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    terms = ("--licence", "cc-by-4.0", "--keep-until", "2031-12-31")
    assert collect(questions, tmp_path, server, teacher, *terms) == 0
    for name in ("records.jsonl", "cut.jsonl"):
        assert {str(record.meta["provenance"]) for record in records(tmp_path, name).values()} == {
            "{'licence': 'cc-by-4.0', 'keep_until': '2031-12-31'}"
        }


def test_questions_may_stand_in_any_table_and_rationales_be_scored(
    tmp_path: Path, server: str, teacher: Path
) -> None:
    rows = [("id", "frage", "loesung")]
    rows += [(each.id, each.question, each.answer) for each in QUESTIONS.values()]
    table = tmp_path / "Fragen.csv"
    with table.open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    out = tmp_path / "out"
    columns = ("--map", "question=frage,answer=loesung", "--description", "Count.")
    assert collect(table, out, server, teacher, *columns, "--quality") == 0
    assert counts(out) == {"asked": 6, "right": 2, "wrong": 2, "unread": 1, "cut": 1}
    found = records(out)
    assert {record.task for record in found.values()} == {"Fragen"}
    assert found["ann/0"].meta["quality"] == {"score": 1.0, "first_wrong_step": None}
    assert found["ann/0"].meta["chain"]["model"] == str(teacher)


def test_wrong_first_tries_are_rectified_and_right_ones_get_a_wrong_chain(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    out = tmp_path / "out"
    assert collect(questions, out, server, teacher, "--rectify", "--contrast") == 0
    assert counts(out, "hinted") == {"asked": 2, "right": 1, "wrong": 1}
    assert counts(out, "contrasted") == {"asked": 2, "right": 1, "wrong": 1}
    found = records(out)
    bob = found["bob/0"]
    assert (bob.rationale, bob.teacher_answer, bob.rectified) == ("5 without 2 is 3.", "3", True)
    assert bob.dual is not None
    assert (bob.dual.rationale, bob.dual.answer) == ("5 and 2 make 7.", "7")
    ann = found["ann/0"]
    assert (ann.dual.rationale, ann.dual.answer) == ("3 and 4 make 8.", "8")
    assert not ann.rectified
    # What was wrong again, and what did not become wrong, stays as it was.
    assert (found["fay/0"].teacher_correct, found["fay/0"].dual) == (False, None)
    assert (found["eve/0"].teacher_correct, found["eve/0"].dual) == (True, None)


def test_every_chain_says_where_it_comes_from(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    out = tmp_path / "out"
    extra = {"seed": 3, "chat_template_kwargs": {"enable_thinking": False}}
    options = ("--rectify", "--extra", json.dumps(extra), "--price-in", "2", "--price-out", "10")
    assert collect(questions, out, server, teacher, *options) == 0
    meta = records(out)["bob/0"].meta
    report = json.loads((out / "collect_report.json").read_text())
    for place, purpose in (("chain", "hinted"), ("wrong_chain", "first")):
        facts = meta[place]
        tokens = facts["tokens"]
        assert (facts["model"], facts["server"]) == (str(teacher), server)
        assert facts["purpose"] == purpose
        assert facts["prompt_sha256"] == report["prompts"][purpose]["sha256"]
        assert facts["sampling"] == {"max_tokens": 40, "temperature": 0.0} | extra
        assert facts["finish_reason"] == "stop"
        assert not facts["cut"]
        assert facts["date"].endswith("+00:00")
        expected = (tokens["prompt"] * 2 + tokens["completion"] * 10) / 1e6
        assert facts["cost"] == pytest.approx(expected)
    assert meta["chain"]["prompt_sha256"] != meta["wrong_chain"]["prompt_sha256"]


def test_a_chain_that_was_cut_off_is_no_record_though_it_holds_an_answer(
    questions: Path, tmp_path: Path, server: str, teacher: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    collect(questions, out, server, teacher)
    assert "1 chains were cut off before their end" in capsys.readouterr().out
    cut = records(out, "cut.jsonl")["dan/0"]
    assert cut.meta["chain"]["finish_reason"] == "length"
    assert cut.meta["chain"]["cut"]
    assert "dan/0" not in records(out)
    # With room it is the same chain, and whole.
    assert collect(questions, tmp_path / "more", server, teacher, "--max-tokens", "200") == 0
    assert counts(tmp_path / "more")["right"] == 3
    assert records(tmp_path / "more", "cut.jsonl") == {}
    assert LONG.startswith(records(tmp_path / "more")["dan/0"].rationale)


@pytest.mark.parametrize("apart", [True, False])
def test_what_a_teacher_thought_is_the_rationale(
    apart: bool, tmp_path: Path, server: str, teacher: Path
) -> None:
    questions = write_questions(tmp_path / "q.jsonl", "eve")
    with proxied(server, apart=apart) as (url, _):
        collect(questions, tmp_path / "out", url, teacher)
    [eve] = records(tmp_path / "out").values()
    assert (eve.rationale, eve.teacher_answer) == ("None were there.", "0")


def test_right_and_wrong_samples_of_a_question_are_paired_before_more_is_asked(
    tmp_path: Path, server: str, teacher: Path
) -> None:
    questions = write_questions(tmp_path / "q.jsonl", "ann", "bob")
    out = tmp_path / "out"
    how = ("--samples", "4", "--temperature", "1.6", "--rectify")
    assert collect(questions, out, server, teacher, *how) == 0
    first, hinted = counts(out), counts(out, "hinted")
    assert first["asked"] == 8
    paired = [r for r in records(out).values() if r.dual and not r.rectified]
    assert hinted.get("asked", 0) == first.get("wrong", 0) - len(paired)


def test_half_a_character_in_a_reply_is_kept_as_a_mark_and_the_reply_is_not_lost(
    tmp_path: Path, server: str, teacher: Path
) -> None:
    questions = write_questions(tmp_path / "q.jsonl", "ann")
    with proxied(server, half=True) as (url, proxy):
        for _ in range(2):
            assert collect(questions, tmp_path / "out", url, teacher) == 0
    assert len(proxy.exchanges) == 1
    assert records(tmp_path / "out")["ann/0"].rationale == "?3 and 4 make 7."


# What is asked


def test_prompts_are_files_and_examples_come_before_the_question(
    tmp_path: Path, server: str, teacher: Path
) -> None:
    questions = write_questions(tmp_path / "q.jsonl", "ann", "bob")
    (tmp_path / "prompt.txt").write_text('{description} {"q": "{question}"} {other}')
    (tmp_path / "system.txt").write_text("Be brief.\n")
    examples = [
        {"id": "e/0", "question": "1 + 1?", "answer": "2", "rationale": "One more."},
        {"id": "e/1", "question": "ann has 3 pens, and buys 4: how many pens", "answer": "7"},
    ]
    rows = [{"task": "e", "description": "", "rationale": "Known."} | row for row in examples]
    (tmp_path / "examples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    files = {"--prompt": "prompt.txt", "--system": "system.txt", "--examples": "examples.jsonl"}
    options = [part for name, file in files.items() for part in (name, str(tmp_path / file))]
    with proxied(server) as (url, proxy):
        collect(questions, tmp_path / "out", url, teacher, *options)
    asked = {each.asked: each.body["messages"] for each in proxy.exchanges}
    ann, bob = sorted(asked)
    assert ann == 'Count. {"q": "Ann has 3 pens and buys 4. How many pens?"} {other}'
    system, example, reply = asked[bob][:3]
    assert system == {"role": "system", "content": "Be brief."}
    assert example == {"role": "user", "content": '{"q": "1 + 1?"} {other}'}
    assert reply == {"role": "assistant", "content": "One more.\nSo the answer is 2."}
    assert len(asked[bob]) == 6
    # An example that asks the question itself would give its answer away.
    assert len(asked[ann]) == 4


def test_the_same_command_asks_nothing_again_and_more_samples_only_what_is_new(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    how = ("--temperature", "0.5")
    with proxied(server) as (url, proxy):
        assert collect(questions, tmp_path / "out", url, teacher, *how) == 0
        before = (tmp_path / "out" / "records.jsonl").read_bytes()
        assert collect(questions, tmp_path / "out", url, teacher, *how) == 0
        assert len(proxy.exchanges) == 6
        assert (tmp_path / "out" / "records.jsonl").read_bytes() == before
        assert collect(questions, tmp_path / "out", url, teacher, *how, "--samples", "2") == 0
        assert len(proxy.exchanges) == 12
        # Another prompt, model or temperature is another request.
        assert collect(questions, tmp_path / "out", url, teacher, "--temperature", "0.6") == 0
    assert len(proxy.exchanges) == 18
    assert set(Counter(each.asked for each in proxy.exchanges).values()) == {3}
