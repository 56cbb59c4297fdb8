"""What a difference may come from beside the systems, from the logs that say so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sample_logs import DATE, row, write_log

from reports.comparing.compared import Compared, compare_sides
from reports.logs.baseline_file import save_baseline
from reports.logs.open_side import open_side

ITEMS = 40
NOTHING_SAID = {"suffix": "", "cascade": False}
CASCADE = {"suffix": "\nRationale:", "cascade": True}


def log(
    directory: Path, right: int, *, read: int | None = None, golds: str = "", **student: Any
) -> Path:
    """A run that has the first `right` items right and the first `read` readable."""
    rows = []
    for i in range(ITEMS):
        told = {} if read is None else {"parse_ok": float(i < read)}
        target = golds[i % len(golds)] if golds else f"gold {i}"
        rows.append(row(i, float(i < right), resps=[[directory.name]], target=target, **told))
    write_log(directory, "t", rows, model_args=directory.name)
    if student:
        config = {"model": "cascod", "model_args": {}, "cascod": student}
        (directory / f"results_{DATE}.json").write_text(json.dumps({"config": config}))
    return directory


def compare(*paths: Path) -> Compared:
    sides = [open_side(path) for path in paths]
    return compare_sides(sides, intersect=False, flips=1, rng=np.random.default_rng(0))


def test_nothing_is_said_where_the_logs_say_nothing(tmp_path: Path) -> None:
    compared = compare(log(tmp_path / "old", 20), log(tmp_path / "new", 30))
    assert compared.notes == ()
    assert compared.differences[0].reading is None


def test_sides_asked_differently_are_told_with_what_differs(tmp_path: Path) -> None:
    limits = {"max_rationale_tokens": 100, "max_answer_tokens": 10}
    shorter = limits | {"max_rationale_tokens": 50}
    old = log(tmp_path / "old", 20, protocol=NOTHING_SAID, generation=limits)
    new = log(tmp_path / "new", 30, protocol=CASCADE, generation=shorter)
    assert compare(old, new).notes == (
        'new and old were asked differently: prompt suffix "\\nRationale:" and none; '
        "stages two and one; "
        "new tokens at most 60 and 110; rationale tokens at most 50 and 100",
    )


def test_a_student_asked_against_the_protocol_beside_its_weights_is_named(tmp_path: Path) -> None:
    checkpoint = tmp_path / "student"
    checkpoint.mkdir()
    old, new = log(tmp_path / "old", 20), log(tmp_path / "new", 30)
    results = {"config": {"model": "hf", "model_args": {"pretrained": str(checkpoint)}}}
    (new / f"results_{DATE}.json").write_text(json.dumps(results))
    for protocol, told in ((NOTHING_SAID, 0), (CASCADE, 1)):
        (checkpoint / "cascod_protocol.json").write_text(json.dumps(protocol))
        notes = compare(old, new).notes
        assert len(notes) == told
    assert notes[0].startswith(f"{checkpoint} was trained to be asked with prompt suffix")


@pytest.mark.parametrize(("read", "told"), [(39, False), (30, True)])
def test_unread_answers_are_told_where_their_shares_lie_apart(
    tmp_path: Path, read: int, told: bool
) -> None:
    old = log(tmp_path / "old", 40, read=40)
    new = log(tmp_path / "new", 20, read=read)
    compared = compare(old, new)
    reading = compared.differences[0].reading
    assert reading is not None
    assert reading.one_unread == pytest.approx((read - 40) / 40)
    assert bool(compared.notes) == told
    if told:
        assert "25.0% of the answers of new could not be read, 0.0% of old" in compared.notes[0]
        assert "of the difference of −50.0 points −25.0 come from items" in compared.notes[0]


def test_a_side_that_does_not_beat_the_commonest_answer_is_named(tmp_path: Path) -> None:
    old = log(tmp_path / "old", 30, golds="CCCA")
    new = log(tmp_path / "new", 31, golds="CCCA")
    compared = compare(old, new)
    assert compared.differences[0].constant_accuracy == 0.75
    assert compared.notes == (
        "old is no better than a constant answer: 75.0%, where the commonest answer of each task "
        "scores 75.0%",
    )


def test_tasks_of_one_name_in_two_suites_are_two(tmp_path: Path) -> None:
    for name in ("old", "new"):
        rows = [
            row(
                i,
                float(i >= ITEMS or i % 5 < 3),
                resps=[[name]],
                target="CCCA"[i % 4],
                id=f"{i}",
                suite="easy" if i >= ITEMS else "hard",
                role="ood",
                cluster=f"{i}",
            )
            for i in range(2 * ITEMS)
        ]
        write_log(tmp_path / name, "t", rows, model_args=name)
    compared = compare(tmp_path / "old", tmp_path / "new")
    assert "new is no better than a constant answer on 1 of 2 tasks: t" in compared.notes


def test_a_baseline_file_keeps_all_of_it(tmp_path: Path) -> None:
    old = log(tmp_path / "old", 40, read=40, golds="CCCA", protocol=NOTHING_SAID)
    new = log(tmp_path / "new", 20, read=20, golds="CCCA", protocol=CASCADE)
    files = [tmp_path / "old.gz", tmp_path / "new.gz"]
    for directory, file in zip((old, new), files, strict=True):
        save_baseline(open_side(directory), file)
    of_files, of_logs = compare(*files), compare(old, new)
    assert of_files.notes == tuple(
        note.replace("new", "new.gz").replace("old", "old.gz") for note in of_logs.notes
    )
    assert len(of_logs.notes) == 3
    assert of_files.differences[0].reading == of_logs.differences[0].reading
