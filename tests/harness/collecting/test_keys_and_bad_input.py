"""`cascod collect` keeps keys to itself and says in one line what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("openai", reason="the extra `collect` is not installed")

from collect_command import collect, records
from faulty_proxy import NONSENSE, now_and_then, proxied
from teacher_dialogues import write_questions

from harness.cli import main
from tasks.records.record import read_records

KEY = "sk-test-7f3a9b2c5d8e1f40"


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
