"""Students on a server, through the commands: the same samples as those of weights loaded here."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from completions_server import serving

from harness.cli import main
from tasks.procedural.suite import training_records
from tasks.records.record import write_records
from tasks.suites import include_path

Checkpoint = Callable[[str], Path]


@pytest.fixture(scope="module")
def own_suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("suite") / "ours.jsonl"
    write_records(file, training_records(seed=5, per_family=2))
    return file


def evaluate(student: Path, suite: Path, out: Path, *more: str) -> int:
    short = ["--max-rationale-tokens", "12", "--max-answer-tokens", "4", "--out", str(out)]
    return main(["evaluate", str(student), "--suite", str(suite), *short, *more])


def samples(out: Path) -> list[dict[str, Any]]:
    [file] = out.glob("samples_*.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()]


def generation(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "run.json").read_text())["generation"]
    return told


@pytest.mark.parametrize("method", ["std_cot", "cascod"])
def test_evaluate_writes_the_same_samples(
    method: str, checkpoint: Checkpoint, own_suite: Path, tmp_path: Path
) -> None:
    folder = checkpoint(method)
    assert evaluate(folder, own_suite, tmp_path / "here") == 0
    with serving(folder) as (address, _):
        given = ("--server", f"base_url={address}", "--server", "concurrency=4")
        assert evaluate(folder, own_suite, tmp_path / "there", *given) == 0
    assert samples(tmp_path / "there") == samples(tmp_path / "here")
    told = generation(tmp_path / "there")
    assert (told["engine"], told["boundaries"]) == ("server", "token ids")
    assert "engine" not in generation(tmp_path / "here")


def test_that_boundaries_were_text_is_said(
    checkpoint: Checkpoint,
    own_suite: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = checkpoint("cascod")
    assert evaluate(folder, own_suite, tmp_path / "here") == 0
    with serving(folder, token_ids=False) as (address, _):
        given = ("--server", f"base_url={address}")
        assert evaluate(folder, own_suite, tmp_path / "there", *given) == 0
    assert generation(tmp_path / "there")["boundaries"] == "text"
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "here"), str(tmp_path / "there")]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "there and here were asked differently: boundaries text and token ids" in told


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("base_url", "--server base_url: expected KEY=VALUE"),
        ("base_url=localhost", "--server: base_url: "),
        ("base_ulr=http://x", "--server: base_ulr: Extra inputs are not permitted"),
        ("retries=1", "--server: give base_url (a server that is there) or command"),
        ("command=vllm serve x --port {port}", "--server: command: lacks {checkpoint}"),
        ("command='serve {checkpoint} {port} \"'", "--server: command: no closing quotation"),
        ("command=vllmm {checkpoint} {port}", "no program vllmm was found"),
        ("base_url=http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1/models: no server answers"),
        ("base_url=http://me:secret@127.0.0.1/v1", "--server: base_url: give the bare address"),
        ("base_url=http://[x/v1", "http://[x/v1/models: fails (Invalid IPv6 URL)"),
    ],
)
def test_what_is_wrong_with_a_server_is_one_line(
    given: str,
    told: str,
    checkpoint: Checkpoint,
    own_suite: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    assert evaluate(checkpoint("cascod"), own_suite, out, "--server", given) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1


def lm_eval(arguments: str, out: Path) -> int:
    command = ["lm-eval", "run", "--model", "cascod", "--model_args", arguments]
    command += ["--include_path", str(include_path()), "--tasks", "cascod_transfer"]
    command += ["--limit", "3", "--device", "cpu", "--log_samples", "--output_path", str(out)]
    return main(command)


@pytest.mark.slow
def test_lm_eval_has_a_server_answer_too(
    checkpoint: Checkpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv)
    here = f"pretrained={checkpoint('cascod')},max_rationale_tokens=12,max_answer_tokens=4"
    replies = []
    with serving(checkpoint("cascod")) as (address, behaviour):
        there = f"{here},engine=server,base_url={address}"
        for name, arguments in (("here", here), ("there", there)):
            assert lm_eval(arguments, tmp_path / name) == 0
            files = sorted((tmp_path / name).rglob("samples_*.jsonl"))
            rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
            replies.append([(row["doc_hash"], row["resps"]) for row in rows])
        assert behaviour.requests
    assert replies[0] == replies[1]
    assert lm_eval(f"{here},base_url={address}", tmp_path / "wrong") == 2
    assert "--model_args: base_url is for engine=server" in capsys.readouterr().err
    assert lm_eval(f"{here},engine=vllm", tmp_path / "wrong") == 2
    assert "--model_args: engine=vllm: expected one of local, server" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_bench_times_it_beside_the_local_engine_and_a_bare_client(
    weights: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(weights) as (address, behaviour):
        arguments = ["--student", str(weights), "--rounds", "1", "--server", f"base_url={address}"]
        assert main(["bench", *arguments]) == 0
    bare, ours = (
        [
            asked
            for asked in behaviour.requests
            if ("ignore_eos" in asked) == by_us and asked["prompt"]
        ]
        for by_us in (False, True)
    )
    assert len(bare) > 64
    assert {tuple(asked["prompt"]) for asked in bare} >= {tuple(asked["prompt"]) for asked in ours}
    told = capsys.readouterr().out
    for name in ("local engine", "server engine", "bare client loop"):
        assert f"responses a second: {name} " in told
