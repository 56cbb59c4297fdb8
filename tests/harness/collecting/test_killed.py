"""A collection is killed over and over (SIGKILL) while its server fails, and goes on every time."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai", reason="the extra `collect` is not installed")

from faulty_proxy import CUT, NONSENSE, STALL, Behaviour, now_and_then, proxied
from teacher_dialogues import write_questions

KEY = "sk-test-2d9e6c1f8b4a7035"
ROOT = Path(__file__).parents[3]
FAULTS = {"429": 0.05, "500": 0.04, STALL: 0.004, CUT: 0.03, NONSENSE: 0.02}


def start(questions: Path, out: Path, url: str, teacher: Path, *options: str) -> Any:
    command = [sys.executable, "-m", "harness.cli", "collect", str(questions), "--out", str(out)]
    whom = ("--base-url", url, "--model", str(teacher), "--api-key-env", "TEACHER_KEY")
    how = ("--temperature", "0.7", "--max-tokens", "40", "--timeout", "8", "--concurrency", "8")
    with (out.parent / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [*command, *whom, *how, *options],
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=os.environ | {"TEACHER_KEY": KEY, "CASCOD_LOG_DIR": str(out.parent / "logs")},
        )


def events(out: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of the journal."""
    journal = out / "journal.jsonl"
    for line in journal.read_bytes().split(b"\n")[:-1] if journal.exists() else []:
        yield json.loads(line)


def answered(out: Path) -> list[str]:
    return [each["request"] for each in events(out) if each["event"] == "answered"]


def kill_and_go_on(
    kills: int,
    samples: int,
    budget: int,
    questions: Path,
    out: Path,
    teacher: Path,
    url: str,
) -> None:
    """Kill it so often, each time a while after it got on, then let it end."""
    rng = random.Random(7)
    options = ("--samples", str(samples), "--budget-tokens", str(budget))
    for _ in range(kills):
        before = len(answered(out))
        process = start(questions, out, url, teacher, *options)
        while len(answered(out)) == before and process.poll() is None:
            time.sleep(0.02)
        time.sleep(rng.uniform(0.0, 0.3))
        assert process.poll() is None, "it ended before it was killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert start(questions, out, url, teacher, *options).wait() == 0


def check(out: Path, proxy: Behaviour, *, requests: int, questions: int, budget: int) -> None:
    # All chains are there, each request answered once.
    told = list(events(out))
    replies = [each for each in told if each["event"] == "answered"]
    assert len(replies) == len({each["request"] for each in replies}) == requests
    # After its answer stood in the journal no request was sent again.
    closed: set[str] = set()
    for each in told:
        assert each["request"] not in closed
        if each["event"] == "answered":
            closed.add(each["request"])
    # The server was paid more than once only for what never arrived: by a fault, or by a kill.
    lost = [each for each in proxy.exchanges if each.paid and each.fault in (STALL, CUT, NONSENSE)]
    paid = [each for each in proxy.exchanges if each.paid]
    sent, failed = (sum(each["event"] == name for each in told) for name in ("asked", "failed"))
    under_way = sent - requests - failed
    assert len(paid) - requests <= len(lost) + under_way
    # Nobody else asked: what was sent is what the journal says, but for what a kill kept back.
    assert len(proxy.exchanges) <= sent
    asked = Counter(each.asked for each in paid)
    assert len(asked) == questions
    assert min(asked.values()) >= requests // questions
    # The spend that is told is no less than what was paid, and within the budget.
    spent = json.loads((out / "collect_report.json").read_text())["spent"]["tokens"]
    assert proxy.paid <= sum(spent.values()) <= budget
    # The key was sent every time, and stands nowhere.
    assert {each.headers["authorization"] for each in proxy.exchanges} == {f"Bearer {KEY}"}
    files = [path for path in out.parent.rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("kills", "samples", "budget"),
    [
        pytest.param(2, 4, 40_000, id="small"),
        pytest.param(
            20, 100, 400_000, id="large", marks=[pytest.mark.slow, pytest.mark.timeout(1200)]
        ),
    ],
)
def test_nothing_is_lost_or_paid_twice_but_what_was_under_way(
    kills: int,
    samples: int,
    budget: int,
    tmp_path: Path,
    server: str,
    teacher: Path,
) -> None:
    names = ("ann", "bob", "cat", "dan", "eve")
    questions, out = write_questions(tmp_path / "questions.jsonl", *names), tmp_path / "out"
    fault = now_and_then(5, FAULTS)
    with proxied(server, fault=fault, retry_after="0.2", stall=9.0, says=f"key {KEY}") as (
        url,
        proxy,
    ):
        kill_and_go_on(kills, samples, budget, questions, out, teacher, url)
    check(out, proxy, requests=samples * 5, questions=5, budget=budget)
