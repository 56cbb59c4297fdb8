"""What the review server tells, keeps and refuses, asked over HTTP as a page asks it."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from review_server import ReviewProcess, reviewing, write_chains


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "chains.jsonl"
    write_chains(path)
    return path


@pytest.fixture
def server(records: Path) -> Iterator[ReviewProcess]:
    with reviewing(records, "ann") as running:
        yield running


def lines(records: Path, reviewer: str = "ann") -> list[dict]:
    journal = records.with_name("chains.reviews") / f"{reviewer}.jsonl"
    return [json.loads(line) for line in journal.read_text().splitlines()]


def test_a_chain_is_shown_without_what_would_sway_its_reader(server: ReviewProcess) -> None:
    status, chain = server.ask("chains/0")
    assert status == 200
    assert set(chain) == {
        *("place", "task", "description", "question", "steps", "answer", "judgement"),
    }
    assert len(chain["steps"]) == 3
    assert "GOLD" not in json.dumps(chain)
    assert "SOMEONE" not in json.dumps(chain)


def test_a_judgement_is_on_disk_when_the_server_says_so(
    server: ReviewProcess, records: Path
) -> None:
    progress = server.judge(2, "wrong", 1, "carries wrongly")
    assert progress["judged"] == [False, False, True, *[False] * 5]
    [line] = lines(records)
    assert (line["event"], line["verdict"], line["first_wrong_step"]) == ("judged", "wrong", 1)
    assert line["note"] == "carries wrongly"
    assert server.ask("chains/2")[1]["judgement"] == {
        "verdict": "wrong",
        "first_wrong_step": 1,
        "note": "carries wrongly",
    }


def test_killed_and_torn_it_goes_on_from_what_was_judged(records: Path) -> None:
    with reviewing(records, "ann") as server:
        server.judge(0, "right")
        server.judge(1, "wrong")
        server.end(signal.SIGKILL)
    journal = records.with_name("chains.reviews") / "ann.jsonl"
    journal.write_bytes(journal.read_bytes() + b'{"event":"judged","id":"su')
    with reviewing(records, "ann") as server:
        assert server.ask("progress")[1]["judged"][:3] == [True, True, False]
        server.judge(2, "right")
    assert [line["verdict"] for line in lines(records)] == ["right", "wrong", "right"]


def test_ctrl_c_ends_it_and_says_how_far_one_is(server: ReviewProcess) -> None:
    server.judge(0, "right")
    status, said = server.end(signal.SIGINT)
    assert status == 0
    assert "1 of 8 judged; the same command goes on from here" in said


def test_undo_takes_back_the_last_judgement_and_what_held_before_holds_again(
    server: ReviewProcess,
) -> None:
    server.judge(0, "right")
    server.judge(1, "right")
    server.judge(0, "wrong")
    status, refused = server.ask("chains/1/undo", {})
    assert (status, "not the last" in refused["error"]) == (409, True)
    assert server.ask("chains/0/undo", {})[1]["undoable"] == 1
    assert server.ask("chains/0")[1]["judgement"]["verdict"] == "right"
    server.ask("chains/1/undo", {})
    server.ask("chains/0/undo", {})
    assert server.ask("progress")[1]["undoable"] is None
    assert server.ask("chains/0/undo", {})[0] == 409


def test_the_gold_answer_comes_after_the_judgement_and_is_taken_down(
    server: ReviewProcess, records: Path
) -> None:
    status, refused = server.ask("chains/0/gold", {})
    assert (status, "judge it first" in refused["error"]) == (409, True)
    server.judge(0, "right")
    status, told = server.ask("chains/0/gold", {})
    assert (status, told["gold"].startswith("GOLD")) == (200, True)
    server.judge(0, "wrong")
    assert [line.get("gold_seen") for line in lines(records)] == [False, None, True]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"verdict": "so so"}, "Invalid enum value"),
        ({"verdict": "right", "first_wrong_step": 0}, "no wrong step"),
        ({"verdict": "wrong", "first_wrong_step": 3}, "no such step"),
        ({"verdict": "wrong", "first_wrong_step": -1}, "first_wrong_step"),
        ({"verdict": "right", "reviewer": "ben"}, "unknown field"),
        ({"verdict": "right", "note": "x" * 2001}, "length"),
        (b"{", "truncated"),
        (b"\xff", "JSON"),
    ],
)
def test_what_is_no_judgement_is_refused(
    server: ReviewProcess, records: Path, said: object, why: str
) -> None:
    status, content = server.ask("chains/0/judgement", said)
    assert status == 400
    assert why in content["error"]
    assert lines(records) == []


def test_a_request_that_is_not_the_pages_own_is_refused(
    server: ReviewProcess, records: Path
) -> None:
    _, port, _ = server.address
    said = {"verdict": "right"}
    post = "chains/0/judgement"
    assert server.ask("progress", token="guess")[0] == 403
    assert server.ask("progress", token="")[0] == 403
    assert server.ask("progress", Host="evil.example")[0] == 403
    assert server.ask("progress", Host=f"evil.example:{port}")[0] == 403
    assert server.ask(post, said, Host=f"127.0.0.1:{port + 1}")[0] == 403
    assert server.ask(post, said, Origin="http://evil.example")[0] == 403
    assert server.ask(post, said, Origin=f"https://127.0.0.1:{port}")[0] == 403
    assert server.ask(post, said, Origin="null")[0] == 403
    assert server.ask(post, said, Content_Type="text/plain")[0] == 415
    assert server.ask(post, b" " * 16_385)[0] == 413
    assert server.ask("../../../etc/passwd")[0] == 404
    assert server.ask("review.py")[0] == 404
    assert server.ask("chains/8")[0] == 404
    assert server.ask("chains/-1")[0] == 400
    assert lines(records) == []
    assert server.ask(post, said, Origin=f"http://localhost:{port}")[0] == 200


def test_every_answer_forbids_foreign_scripts_frames_and_reading(server: ReviewProcess) -> None:
    for path, token in (("", None), ("progress", None), ("progress", "guess")):
        server.ask(path, token=token)
        policy = server.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert server.headers["X-Content-Type-Options"] == "nosniff"
        assert server.headers["Referrer-Policy"] == "no-referrer"
        assert not [name for name in server.headers if name.startswith("Access-Control")]


def test_it_listens_on_the_loopback_device_alone(server: ReviewProcess) -> None:
    host, port, path = server.address
    assert host == "127.0.0.1"
    assert len(path) > 30
    with socket.socket() as other:
        other.settimeout(2)
        # All of 127/8 is loopback on Linux: what is bound to one address of it is deaf on others.
        assert other.connect_ex(("127.0.0.2", port)) != 0


def test_a_full_disk_or_a_read_only_folder_is_told_and_nothing_counts_as_judged(
    server: ReviewProcess, records: Path
) -> None:
    journal = records.with_name("chains.reviews") / "ann.jsonl"
    journal.unlink()
    journal.mkdir()
    status, content = server.ask("chains/0/judgement", {"verdict": "right"})
    assert (status, "cannot be written" in content["error"]) == (500, True)
    assert not any(server.ask("progress")[1]["judged"])


def test_a_judgement_of_a_chain_that_has_changed_since_does_not_count(records: Path) -> None:
    with reviewing(records, "ann") as server:
        server.judge(server.place_of("Mia has 3"), "right")
        server.judge(server.place_of("Mia has 5"), "right")
    records.write_text(records.read_text().replace("She has 3.", "She has 33."))
    with reviewing(records, "ann") as server:
        assert sum(server.ask("progress")[1]["judged"]) == 1
        assert server.ask(f"chains/{server.place_of('Mia has 3')}")[1]["judgement"] is None
