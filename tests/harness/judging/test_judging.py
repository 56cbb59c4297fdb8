"""`cascod quality --judge`: a real model, behind `transformers serve` and a proxy with faults."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai", reason="the extra `collect` is not installed")

from faulty_proxy import CUT, NONSENSE, in_turn, proxied
from tiny_teacher import save_teacher, transformers_serve

from harness.cli import main
from harness.collecting.prompts import read_prompt
from harness.judging.verdict import Verdict, read_verdict
from tasks.quality.steps import steps_of
from tasks.records.record import CoTRecord, parse_record, write_records

KEY = "sk-test-7f3a9b2c5d8e1f40"
PROMPT = "Q: {question}\nR: {rationale}\nA: {answer}\n"


def chain(name: str, rationale: str, stated: str) -> CoTRecord:
    row = {"id": name, "task": "pens", "description": "", "question": f"How many has {name}?"}
    # The gold answer is not for the judge.
    told = {"rationale": rationale, "teacher_answer": stated, "answer": "4711", "teacher": "t"}
    return parse_record(row | told)


CHAINS = [
    chain("Ann", "Ann has two pens.\nShe buys one.\nThat makes three.", "3"),
    chain("Bob", "Bob has two pens.\nHe loses one.\nThat makes three.", "3"),
    chain("Cat", "Cat has one pen. She buys none.", "1"),
    chain("Dan", "Dan has one pen.\nHe finds two.", "2"),
    chain("Eve", "Eve has no pen.\nShe buys four.", "4"),
    chain("Fay", "Fay has six.\nFive are red.", "5"),
]
SAID = {
    "Ann": "First wrong step: none",
    "Bob": "Two less one is one.\nFirst wrong step: 3",
    "Cat": "<think>\nFirst wrong step: 1? No.\n</think>\n\nFirst wrong step: 2",
    "Dan": "All is well.",
    "Eve": "First wrong step: 3",
    "Fay": "First wrong step: none" + " of course, I think" * 12,
}


def said_to(record: CoTRecord, text: str = PROMPT) -> str:
    steps = enumerate(steps_of(record.rationale), start=1)
    numbered = "\n".join(f"{number}. {step}" for number, step in steps)
    filled = text.replace("{question}", record.question).replace("{rationale}", numbered)
    return filled.replace("{answer}", record.teacher_answer).strip()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dialogues = [
        ([{"role": "user", "content": said_to(record)}], SAID[record.id]) for record in CHAINS
    ]
    return save_teacher(tmp_path_factory.mktemp("judge"), dialogues)


@pytest.fixture(scope="module")
def server(model: Path) -> Iterator[str]:
    with transformers_serve(model) as url:
        yield url


@pytest.fixture(autouse=True)
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("harness.collecting.asking.FIRST_WAIT", 0.01)
    (tmp_path / "prompt.txt").write_text(PROMPT)
    write_records(tmp_path / "records.jsonl", CHAINS)
    return tmp_path / "records.jsonl"


def judge(records: Path, url: str, model: Path, *options: str) -> int:
    where = ("--judge", str(model), "--base-url", url, "--temperature", "0")
    how = ("--judge-prompt", str(records.with_name("prompt.txt")), "--max-tokens", "40")
    out = ("--json", str(records.with_name("quality.jsonl")))
    return main(["quality", str(records), *where, *how, *out, *options])


def rows(records: Path) -> dict[str, dict[str, Any]]:
    text = records.with_name("quality.jsonl").read_text()
    return {row["id"]: row for row in map(json.loads, text.splitlines())}


def test_the_step_that_the_judge_names_is_the_first_wrong_one(
    records: Path, server: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(records, server, model) == 0
    found = rows(records)
    assert {name: row["first_wrong_step"] for name, row in found.items()} == {
        "Ann": None,
        "Bob": 2,
        "Cat": 1,
        "Dan": None,
        "Eve": None,
        "Fay": None,
    }
    assert found["Bob"]["reasons"] == [f"judge: {model} names step 3 as the first wrong one"]
    assert found["Bob"]["score"] == 0.3
    # No verdict, one on a step that is not there and one that was cut off count for nothing.
    assert {found[name]["score"] for name in ("Ann", "Dan", "Eve", "Fay")} == {1.0}
    told = capsys.readouterr().out
    assert "judge: 3 chains judged, 2 of them with a wrong step" in told
    assert "3 replies could not be read and count for nothing" in told
    assert "spent: " in told


def test_the_judge_sees_numbered_steps_and_the_stated_answer_alone(
    records: Path, server: str, model: Path
) -> None:
    with proxied(server) as (url, proxy):
        assert judge(records, url, model) == 0
    asked = [each.asked for each in proxy.exchanges]
    assert sorted(asked) == sorted(map(said_to, CHAINS))
    assert "Q: How many has Cat?\nR: 1. Cat has one pen.\n2. She buys none.\nA: 1" in asked
    assert "4711" not in str([each.body for each in proxy.exchanges])


def test_the_packages_prompt_asks_for_the_lines_that_are_read() -> None:
    prompt = read_prompt("judged", None)
    asked = prompt.messages(CHAINS[0], "1. One.")[-1]["content"]
    assert "1. One." in asked
    last = asked.splitlines()[-2:]
    assert read_verdict(last[0].replace("NUMBER", "1"), steps=1) == Verdict(0)
    assert read_verdict(last[1], steps=1) == Verdict(None)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("First wrong step: 2", Verdict(1)),
        ("It is step 1, no, 2.\n\nfirst wrong step: 2.\n", Verdict(1)),
        ("First wrong step: None", Verdict(None)),
        ("First wrong step: 4", None),
        ("First wrong step: 0", None),
        ("First wrong step: -1", None),
        ("First wrong step: 2 or 3", None),
        ("First wrong step: NUMBER", None),
        ("First wrong step: 2\nI hope this helps.", None),
        ("The first wrong step: 2", None),
        (f"First wrong step: {'9' * 5000}", None),
        ("<think>First wrong step: 2", None),
        ("", None),
    ],
)
def test_a_verdict_is_read_strictly(reply: str, verdict: Verdict | None) -> None:
    assert read_verdict(reply, steps=3) == verdict


def test_what_fails_is_asked_again_and_nothing_is_asked_twice(
    records: Path, server: str, model: Path
) -> None:
    with proxied(server, fault=in_turn("500", "429", CUT, NONSENSE)) as (url, proxy):
        assert judge(records, url, model) == 0
        first = rows(records)
        assert len(proxy.exchanges) == len(CHAINS) + 4
        assert judge(records, url, model) == 0
        assert len(proxy.exchanges) == len(CHAINS) + 4
        assert rows(records) == first
        # Another prompt is another request.
        records.with_name("prompt.txt").write_text(PROMPT + "Well?")
        assert judge(records, url, model) == 0
    assert len(proxy.exchanges) == 2 * len(CHAINS) + 4


def test_a_budget_stops_in_time_and_says_so(
    records: Path, server: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with proxied(server) as (url, proxy):
        assert judge(records, url, model, "--budget-tokens", "500") == 3
        assert 0 < proxy.paid <= 500
        assert "stopped by the budget" in capsys.readouterr().out
        assert set(rows(records)) == {record.id for record in CHAINS}
        assert judge(records, url, model, "--budget-tokens", "9000") == 0
    assert len(proxy.exchanges) == len(CHAINS)


def test_a_server_that_is_down_ends_the_command_and_the_same_one_goes_on(
    records: Path, server: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with proxied(server) as (url, proxy):
        proxy.fault = lambda body: "500" if len(proxy.exchanges) >= 3 else ""
        assert judge(records, url, model, "--retries", "1") == 2
        assert "the same command goes on" in capsys.readouterr().err
        # Scores of some chains would not be those of others.
        assert not records.with_name("quality.jsonl").exists()
        proxy.fault = lambda body: ""
        assert judge(records, url, model, "--retries", "1") == 0
    assert len([each for each in proxy.exchanges if each.paid]) == len(CHAINS)


def test_the_key_is_sent_and_in_no_file_or_message(
    records: Path,
    server: str,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JUDGE_KEY", KEY)
    faults = in_turn("500", "400")
    with proxied(server, fault=faults, says=f"not a key: {KEY}") as (url, proxy):
        assert judge(records, url, model, "--api-key-env", "JUDGE_KEY") in (2, 3)
    assert {each.headers["authorization"] for each in proxy.exchanges} == {f"Bearer {KEY}"}
    said = capsys.readouterr()
    assert "not a key: [key]" in said.out + said.err
    assert KEY not in said.out + said.err
    assert all(KEY.encode() not in path.read_bytes() for path in records.parent.iterdir())


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--base-url", "http://127.0.0.1:1/v1"), "--base-url has a meaning for a judge: name its"),
        (("--budget-tokens", "500"), "--budget-tokens has a meaning for a judge: name its model"),
        (("--judge", "m", "--judge-prompt", "no.txt"), "no.txt: no such file"),
        (("--judge", "m", "--base-url", "nowhere"), "--base-url: expected an address"),
        (("--judge", "m", "--budget", "1"), "--budget needs prices"),
        (("--judge", "m", "--api-key-env", "NO_SUCH_KEY"), "environment variable NO_SUCH_KEY"),
    ],
)
def test_what_will_not_do_is_one_line(
    records: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["quality", str(records), *options]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def test_a_prompt_without_the_chain_is_refused(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records.with_name("prompt.txt").write_text("Is {question} answered well?")
    assert judge(records, "http://127.0.0.1:1/v1", Path("m")) == 2
    assert "no {rationale} in this prompt" in capsys.readouterr().err
