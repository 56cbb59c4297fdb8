"""`cascod collect` behind a proxy with faults, and within a budget."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai", reason="the extra `collect` is not installed")

from collect_command import collect, counts, records
from faulty_proxy import BLANKS, CUT, NONSENSE, STALL, in_turn, proxied
from teacher_dialogues import write_questions

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
