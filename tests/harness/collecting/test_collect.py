"""`cascod collect` asks a real teacher through `transformers serve`, behind a proxy with faults."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai", reason="the extra `collect` is not installed")

from faulty_proxy import BLANKS, CUT, NONSENSE, STALL, in_turn, now_and_then, proxied
from teacher_dialogues import LONG, QUESTIONS, write_questions

from harness.cli import main
from tasks.records.record import CoTRecord, parse_record, read_records

KEY = "sk-test-7f3a9b2c5d8e1f40"


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.collecting.asking.FIRST_WAIT", 0.01)


def collect(questions: Path, out: Path, url: str, teacher: Path, *options: str) -> int:
    where = ("--base-url", url, "--model", str(teacher), "--out", str(out))
    how = ("--max-tokens", "40", *(() if "--temperature" in options else ("--temperature", "0")))
    return main(["collect", str(questions), *where, *how, *options])


def records(out: Path, name: str = "records.jsonl") -> dict[str, CoTRecord]:
    text = (out / name).read_text()
    found = [parse_record(json.loads(line)) for line in text.splitlines()]
    return {record.id.removeprefix("counting/"): record for record in found}


def counts(out: Path, purpose: str = "first") -> dict[str, int]:
    report = json.loads((out / "collect_report.json").read_text())
    told = report["rounds"][purpose]["counts"]
    return {name: number for name, number in told.items() if number}


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


# Faults


def test_what_fails_on_the_servers_side_is_asked_again(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    faults = ("409", "429", "500", "503", CUT, NONSENSE, STALL, BLANKS)
    out = tmp_path / "out"
    how = ("--samples", "6", "--temperature", "0.3", "--timeout", "3")
    with proxied(server, fault=in_turn(*faults), retry_after="0.05", stall=4.0) as (url, proxy):
        assert collect(questions, out, url, teacher, *how) == 0
    assert counts(out)["asked"] == 36
    assert "unanswered" not in counts(out)
    met = Counter(each.fault for each in proxy.exchanges)
    assert all(met[name] for name in faults)
    # One that sends blanks meanwhile is no faster.
    assert (out / "journal.jsonl").read_text().count("no reply in 3 s") >= 2
    assert met[""] >= 36
    spent = json.loads((out / "collect_report.json").read_text())["spent"]
    assert proxy.paid <= sum(spent["tokens"].values())
    assert 0 < sum(spent["perhaps_unpaid"].values()) < sum(spent["tokens"].values())


def test_fewer_are_asked_at_once_where_the_server_is_busy(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    how = ("--samples", "10", "--temperature", "0.3")
    with proxied(server, busy_above=3) as (url, proxy):
        assert collect(questions, tmp_path / "out", url, teacher, *how) == 0
    refused = sum(each.status == 429 for each in proxy.exchanges)
    assert 0 < refused < 60
    assert 1 < proxy.peak < 12


def test_one_question_that_is_refused_does_not_stop_the_others(
    questions: Path, tmp_path: Path, server: str, teacher: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fault(body: dict[str, Any]) -> str:
        return "400" if "Bob" in body["messages"][-1]["content"] else ""

    with proxied(server, fault=fault, says="not a polite question") as (url, proxy):
        assert collect(questions, tmp_path / "out", url, teacher) == 3
    assert counts(tmp_path / "out")["unanswered"] == 1
    assert "1 requests without an answer: 400: not a polite question" in capsys.readouterr().out
    assert len(proxy.exchanges) == 6


def test_a_server_that_goes_down_ends_the_run_and_the_same_command_goes_on(
    questions: Path, tmp_path: Path, server: str, teacher: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with proxied(server) as (url, proxy):
        proxy.fault = lambda body: "500" if len(proxy.exchanges) >= 3 else ""
        assert collect(questions, tmp_path / "out", url, teacher, "--retries", "1") == 2
        told = capsys.readouterr().err
        assert "fails (500: out of order), asked 2 times; the same command goes on" in told
        # What is paid is not lost, even where nobody ever goes on.
        assert records(tmp_path / "out").keys() == {"ann/0", "bob/0"}
        assert counts(tmp_path / "out")["unanswered"] == 3
        proxy.fault = lambda body: ""
        assert collect(questions, tmp_path / "out", url, teacher, "--retries", "1") == 0
        paid = [each for each in proxy.exchanges if each.paid]
    assert len(paid) == 6


# Budgets


def test_a_budget_of_tokens_stops_in_time_and_a_larger_one_goes_on(
    questions: Path, tmp_path: Path, server: str, teacher: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, how = tmp_path / "out", ("--samples", "4", "--temperature", "0.3")
    with proxied(server) as (url, proxy):
        assert collect(questions, out, url, teacher, *how, "--budget-tokens", "1500") == 3
        assert "stopped by the budget" in capsys.readouterr().out
        assert 0 < proxy.paid <= 1500
        assert 0 < counts(out)["unanswered"] < 24
        assert collect(questions, out, url, teacher, *how, "--budget-tokens", "9000") == 0
        assert proxy.paid <= 9000
    assert len(proxy.exchanges) == 24


def test_further_fields_count_for_the_budget_since_they_may_stand_in_the_prompt(
    tmp_path: Path, server: str, teacher: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions = write_questions(tmp_path / "q.jsonl", "ann")
    how = ("--extra", json.dumps({"tools": ["x" * 5000]}), "--budget-tokens", "5000")
    with proxied(server) as (url, proxy):
        assert collect(questions, tmp_path / "out", url, teacher, *how) == 2
    assert "the budget is too small: the first request may take" in capsys.readouterr().err
    assert not proxy.exchanges


def test_a_budget_of_money_counts_all_that_it_paid(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    how = ("--samples", "4", "--temperature", "0.3", "--price-in", "1", "--price-out", "100")
    with proxied(server) as (url, proxy):
        assert collect(questions, tmp_path / "out", url, teacher, *how, "--budget", "0.02") == 3
    spent = json.loads((tmp_path / "out" / "collect_report.json").read_text())["spent"]
    assert 0 < spent["cost"] <= 0.02
    assert sum(spent["tokens"].values()) == proxy.paid


@pytest.mark.parametrize("silence", ["without_usage", "zero_usage"])
def test_where_a_server_does_not_say_what_it_took_the_most_is_counted(
    silence: str, tmp_path: Path, server: str, teacher: Path
) -> None:
    questions = write_questions(tmp_path / "q.jsonl", "ann")
    with proxied(server, **{silence: True}) as (url, proxy):
        assert collect(questions, tmp_path / "out", url, teacher) == 0
    spent = json.loads((tmp_path / "out" / "collect_report.json").read_text())["spent"]
    assert sum(spent["tokens"].values()) > proxy.paid
    assert records(tmp_path / "out")["ann/0"].meta["chain"]["tokens"] is None


# Keys


def test_the_key_is_sent_and_stands_nowhere_though_the_server_repeats_it(
    questions: Path,
    tmp_path: Path,
    server: str,
    teacher: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TEACHER_KEY", KEY)
    monkeypatch.setenv("CASCOD_LOG_DIR", str(tmp_path / "logs"))
    faults = {"500": 0.2, "503": 0.2, NONSENSE: 0.2}
    says = "x" * 250 + f" not a key: {KEY} " + f"{KEY} " * 5
    how = ("--samples", "4", "--temperature", "0.3", "--api-key-env", "TEACHER_KEY")
    with proxied(server, fault=now_and_then(3, faults), says=says) as (url, proxy):
        collect(questions, tmp_path / "out", url, teacher, *how)
        assert {each.headers["authorization"] for each in proxy.exchanges} == {f"Bearer {KEY}"}
        proxy.fault = lambda body: "401"
        other = write_questions(tmp_path / "other.jsonl", "ann")
        assert collect(other, tmp_path / "refused", url, teacher, *how[-2:]) == 2
    said = capsys.readouterr()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"not a key: [key]" in written
    assert KEY not in said.out + said.err
    assert KEY.encode() not in written


def test_a_key_that_is_a_mere_word_spoils_no_chain(
    tmp_path: Path, server: str, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEACHER_KEY", "make")
    questions = write_questions(tmp_path / "q.jsonl", "ann")
    with proxied(server) as (url, proxy):
        assert (
            collect(questions, tmp_path / "out", url, teacher, "--api-key-env", "TEACHER_KEY") == 0
        )
    assert proxy.exchanges[0].headers["authorization"] == "Bearer make"
    assert records(tmp_path / "out")["ann/0"].rationale == "3 and 4 make 7."


def test_the_key_for_openai_is_not_sent_to_anybody_else(
    tmp_path: Path, server: str, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, KEY)
    questions = write_questions(tmp_path / "q.jsonl", "ann")
    with proxied(server) as (url, proxy):
        assert collect(questions, tmp_path / "out", url, teacher) == 0
    [exchange] = proxy.exchanges
    assert KEY not in str(exchange.headers)
    assert "authorization" not in exchange.headers


# What a user can get wrong


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--api-key-env", "NO_SUCH_KEY"), "put it into the environment variable NO_SUCH_KEY"),
        (("--api-key-env", "TORN_KEY"), "the variable TORN_KEY holds characters that no key has"),
        (("--base-url", "ftp://x"), "--base-url: expected an address such as"),
        (("--base-url", "http://me:secret@127.0.0.1/v1"), "--base-url: give the bare address"),
        (("--base-url", "http://127.0.0.1:9/v1"), "http://127.0.0.1:9/v1: "),
        (("--model", "no/such-model"), "requested 'no/such-model'"),
        (("--budget-tokens", "100"), "the budget is too small: the first request may take"),
        (("--budget", "1"), "--budget needs prices"),
        (("--price-in", "1"), "give both prices"),
        (("--samples", "2", "--temperature", "0"), "at temperature 0 all chains"),
        (("--extra", "{"), "--extra: expected a JSON object"),
        (("--extra", '{"n": 2}'), "--extra: n is not for this option"),
        (("--prompt", "blank.txt"), "blank.txt: no {question} in this prompt"),
        (("--prompt", "telling.txt"), "telling.txt: {answer} would tell the teacher"),
        (("--rectify-prompt", "question.txt"), "question.txt: no {answer} in this prompt"),
        (("--prompt", "absent.txt"), "absent.txt: no such file"),
        (("--prompt", "latin.txt"), "latin.txt: not UTF-8 text"),
        (("--examples", "questions.jsonl"), "an example needs a rationale"),
    ],
)
def test_bad_input_is_one_line(
    options: tuple[str, ...],
    told: str,
    questions: Path,
    tmp_path: Path,
    server: str,
    teacher: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORN_KEY", f"{KEY}\nX-Header: 1")
    Path("blank.txt").write_text("Think. {qestion}")
    Path("telling.txt").write_text("{question} {answer}")
    Path("question.txt").write_text("{question}")
    Path("latin.txt").write_bytes("{question} für".encode("latin-1"))
    assert collect(questions, tmp_path / "out", server, teacher, *options) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1
    assert told in said.err
    assert KEY not in said.err
    assert not (tmp_path / "out" / "records.jsonl").exists()


def test_no_questions_and_no_key_for_openai_are_one_line(
    questions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / "empty.jsonl").write_text("")
    for file, told in (
        (questions, "https://api.openai.com/v1 wants a key: put it into the environment variable"),
        (tmp_path / "empty.jsonl", "empty.jsonl: no records in this file"),
    ):
        assert main(["collect", str(file), "--model", "m", "--out", str(tmp_path / "out")]) == 2
        said = capsys.readouterr().err
        assert told in said
        assert said.count("\n") == 1


def test_a_second_process_and_a_foreign_file_are_refused(
    questions: Path, tmp_path: Path, server: str, teacher: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from harness.collecting.journal import Journal

    with Journal(tmp_path / "out" / "journal.jsonl"):
        assert collect(questions, tmp_path / "out", server, teacher) == 2
    assert "journal.jsonl: another process has this journal" in capsys.readouterr().err
    (tmp_path / "out" / "journal.jsonl").write_text('{"event": "asked"}\n')
    assert collect(questions, tmp_path / "out", server, teacher) == 2
    assert "journal.jsonl:1: no line of a journal" in capsys.readouterr().err


def test_collected_records_train_without_another_step(
    questions: Path, tmp_path: Path, server: str, teacher: Path
) -> None:
    assert collect(questions, tmp_path / "out", server, teacher, "--rectify") == 0
    trained = [r for r in read_records(tmp_path / "out" / "records.jsonl") if r.teacher_correct]
    assert all(record.rationale for record in trained)
    assert not any(record.meta["chain"]["cut"] for record in trained)
