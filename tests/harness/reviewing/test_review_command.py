"""`cascod review`: who judges what, how far people agree, and what comes into the records."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from review_server import ReviewProcess, reviewing, write_chains

from harness.cli import main
from harness.reviewing.plan import Plan, to_judge
from tasks.records.record import CoTRecord, read_records

IDS = [f"id/{n}" for n in range(200)]


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "chains.jsonl"
    write_chains(path)
    return path


def test_a_team_shares_the_draw_and_two_read_the_overlap() -> None:
    plan = Plan(sample=100, seed=3, team=("ann", "ben", "cem"), overlap=0.25)
    lists = {name: to_judge(plan, IDS, name) for name in plan.team}
    read = [item for each in lists.values() for item in each]
    assert len(set(read)) == 100
    assert sum(read.count(item) == 2 for item in set(read)) == 25
    assert {len(each) for each in lists.values()} <= {41, 42}
    # What another one reads as well does not stand apart.
    shared = [place for place, item in enumerate(lists["ann"]) if read.count(item) == 2]
    assert max(shared) > 20
    assert to_judge(plan, reversed(IDS), "ben") == lists["ben"]
    assert set(to_judge(Plan(sample=100, seed=4), IDS, "ann")) != set(read)


def test_without_a_team_everybody_reads_all_in_another_order() -> None:
    ann, ben = (to_judge(Plan(), IDS, name) for name in ("ann", "ben"))
    assert sorted(ann) == sorted(ben) == sorted(IDS)
    assert ann != ben


def test_what_was_settled_at_the_beginning_holds_for_all(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A beginning that fails settles nothing.
    assert main(["review", str(records), "--reviewer", "dan", "--team", "ann,cem"]) == 2
    assert "not of the team of this review (ann, cem)" in capsys.readouterr().err
    began = ("--team", "ann,ben", "--sample", "6", "--overlap", "0.5")
    with reviewing(records, "ann", *began) as server:
        assert len(server.ask("progress")[1]["judged"]) in (4, 5)
    with reviewing(records, "ben") as server:
        assert len(server.ask("progress")[1]["judged"]) in (4, 5)
    for arguments, said in (
        (["ben", "--sample", "5"], "--sample 5: this review was begun with 6"),
        (["ben", "--team", "ben,cem"], "--team ben,cem: this review was begun with ann,ben"),
        (["cem"], "--reviewer cem: not of the team of this review (ann, ben)"),
    ):
        assert main(["review", str(records), "--reviewer", *arguments]) == 2
        assert said in capsys.readouterr().err


def test_a_reviewers_page_is_open_once(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with reviewing(records, "ann"):
        assert main(["review", str(records), "--reviewer", "ann"]) == 2
    assert "open in another process" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(records: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with reviewing(records, "ann") as ann:
        _, port, _ = ann.address
        assert main(["review", str(records), "--reviewer", "ben", "--port", str(port)]) == 2
    assert f"--port {port}: address already in use" in capsys.readouterr().err


def test_reviewers_never_meet_each_others_judgements(records: Path) -> None:
    with reviewing(records, "ann") as ann, reviewing(records, "ben") as ben:
        for place in range(8):
            ann.judge(place, "wrong", 1, "ANN'S NOTE")
        assert not any(ben.ask("progress")[1]["judged"])
        told = json.dumps([ben.ask(f"chains/{place}") for place in range(8)])
    assert "ANN" not in told


def judge(server: ReviewProcess, said: dict[int, Any]) -> None:
    """Judge the chains of `Mia has N`: None is right, a number the first wrong step."""
    for n, step in said.items():
        verdict = "right" if step is None else "wrong"
        server.judge(server.place_of(f"Mia has {n} "), verdict, step)


@pytest.fixture
def reviewed(records: Path) -> Path:
    """Two reviewers of six chains: of chain 3 they disagree on the step, of 4 on the verdict."""
    with reviewing(records, "ann") as ann:
        judge(ann, {0: None, 1: 2, 2: None, 3: 1, 4: None, 5: 0})
    with reviewing(records, "ben") as ben:
        judge(ben, {0: None, 1: 2, 2: None, 3: 2, 4: 1})
    return records


def exported(records: Path) -> dict[str, CoTRecord]:
    out = records.with_name("reviewed.jsonl")
    assert main(["review", str(records), "--export", str(out)]) == 0
    return {record.id: record for record in read_records(out)}


def test_what_people_agree_on_comes_into_the_records(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = exported(reviewed)
    said = capsys.readouterr().out
    assert "8 records, 2 found right, 3 found wrong" in said
    assert "judged differently, open: 2 (sums/3, sums/4)" in said
    both, now = ["ann", "ben"], found["sums/0"].meta["review"]["date"]
    assert found["sums/0"].meta["review"] == {
        "verdict": "right",
        "first_wrong_step": None,
        "reviewers": both,
        "date": now,
    }
    assert found["sums/1"].meta["review"]["first_wrong_step"] == 2
    # The verdict stands, its step is open; chain 4 is open altogether, 6 and 7 were not read.
    assert found["sums/3"].meta["review"]["verdict"] == "wrong"
    assert found["sums/3"].meta["review"]["first_wrong_step"] is None
    assert found["sums/5"].meta["review"]["reviewers"] == ["ann"]
    assert not any("review" in found[f"sums/{n}"].meta for n in (4, 6, 7))


def test_a_third_reviewer_settles_what_two_disagreed_on_and_is_shown_neither(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["review", str(reviewed), "--reviewer", "ben", "--adjudicate"]) == 2
    assert "--reviewer ben: there is nothing to judge" in capsys.readouterr().err
    with reviewing(reviewed, "cem", "--adjudicate") as cem:
        assert cem.ask("progress")[1]["judged"] == [False, False]
        assert cem.ask("chains/0")[1]["judgement"] is None
        judge(cem, {3: 2, 4: None})
    found = exported(reviewed)
    assert found["sums/3"].meta["review"]["first_wrong_step"] == 2
    assert found["sums/4"].meta["review"]["verdict"] == "right"
    assert found["sums/4"].meta["review"]["reviewers"] == ["ann", "ben", "cem"]
    assert "judged differently" not in capsys.readouterr().out
    # What was settled may be looked at, and changed, by who settled it.
    with reviewing(reviewed, "cem", "--adjudicate") as cem:
        assert cem.ask("progress")[1]["judged"] == [True, True]


def test_agreement_is_told_of_what_was_read_twice(
    reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("krippendorff", reason="the extra `review` is not installed")
    with reviewing(reviewed, "cem", "--adjudicate") as cem:
        judge(cem, {3: 2})
    assert main(["review", str(reviewed), "--agreement"]) == 0
    said = capsys.readouterr().out.splitlines()
    rows = {line.split("  ")[0]: line.split() for line in said if line.strip()}
    assert rows["ann"][1:] == ["6", "3", "3", "3", "0"]
    assert rows["ben"][1:] == ["5", "2", "3", "3", "0"]
    # Five chains read twice, five of ten verdicts right: alpha = 1 − 9 · 2 / (2 · 5 · 5).
    assert rows["verdict"][1:4] == ["5", "80", "0.64"]
    # Findings 5 right, 3 from step 3, 2 from step 2: alpha = 1 − 9 · 4 / (100 − 25 − 9 − 4).
    assert rows["verdict and first wrong step"][5:8] == ["5", "60", "0.42"]
    assert "judged differently, open: 1 (sums/4)" in "\n".join(said)


def test_a_correction_after_the_gold_answer_counts_but_not_as_agreement(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("krippendorff", reason="the extra `review` is not installed")
    with reviewing(records, "ann") as ann, reviewing(records, "ben") as ben:
        judge(ann, {0: None, 1: 1})
        judge(ben, {0: None, 1: None})
        place = ben.place_of("Mia has 1 ")
        ben.ask(f"chains/{place}/gold", {})
        ben.judge(place, "wrong", 1)
    assert exported(records)["sums/1"].meta["review"]["first_wrong_step"] == 1
    capsys.readouterr()
    assert main(["review", str(records), "--agreement"]) == 0
    said = capsys.readouterr().out
    # One of the two was judged differently before the gold answer was shown.
    assert re.search(r"^verdict +2 +50 ", said, re.MULTILINE)
    assert "judged differently" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--export", "out.jsonl"], "nobody has judged a chain of it"),
        (["--agreement", "--sample", "4"], "give --reviewer NAME"),
        (["--reviewer", "ann", "--overlap", "0.5"], "--overlap needs --team"),
        (["--reviewer", "ann", "--adjudicate", "--seed", "1"], "--seed is not for --adjudicate"),
    ],
)
def test_mistakes_are_told_in_one_line(
    records: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["review", str(records), *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("name", ["../ann", "", ".ann", "a/b", "a" * 80, "ann,ben"])
def test_a_reviewers_name_is_a_plain_word(records: Path, name: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["review", str(records), "--reviewer", name])
    assert stopped.value.code == 2


def test_a_line_that_is_no_judgement_is_named(
    records: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = records.with_name("chains.reviews")
    folder.mkdir()
    (folder / "ann.jsonl").write_text('{"event": "judged", "id": 3}\n')
    assert main(["review", str(records), "--agreement"]) == 2
    assert "ann.jsonl:1: no line of a review journal" in capsys.readouterr().err
