"""What forced answers do to a comparison and to a gate of our own logs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sample_logs import forced, row, write_log

from harness.cli import main
from reports.comparing.compared import Compared, compare_sides
from reports.comparing.compared_tables import summary
from reports.logs.baseline_file import save_baseline
from reports.logs.open_side import open_side
from tasks.errors import UserError

ITEMS = 400


def log(directory: Path, right: range, cut: range = range(0), **more: Any) -> Path:
    """A run that has the items `right` right, those in `cut` only by their forced answers."""
    rows = [
        row(i, float(i in right), resps=[[f"{directory.name} {i % 2}"]], target=f"gold {i}")
        | {"parse_ok": True}
        | (forced(i in right) if i in cut else {})
        | more
        for i in range(ITEMS)
    ]
    write_log(directory, "t", rows, model_args=directory.name)
    return directory


def compare(*paths: Path) -> Compared:
    sides = [open_side(path) for path in paths]
    return compare_sides(sides, intersect=False, flips=1, rng=np.random.default_rng(0))


def gate(*arguments: object) -> int:
    return main(["gate", *map(str, arguments), "--margin", "0.05"])


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return log(tmp_path / "base", range(200))


@pytest.fixture
def equal(tmp_path: Path) -> Path:
    """As right as the base with forced answers, an eighth of all less as written."""
    return log(tmp_path / "equal", range(200), cut=range(50))


def test_logs_without_forced_answers_are_compared_as_ever(base: Path, tmp_path: Path) -> None:
    compared = compare(base, log(tmp_path / "new", range(100)))
    assert [row.as_written for row in compared.differences] == [None]
    assert compared.notes == ()


def test_a_difference_counts_forced_answers_and_is_told_as_written(base: Path, equal: Path) -> None:
    compared = compare(base, equal)
    (row,) = compared.differences
    assert row.as_written is not None
    assert (row.contrast.value, row.as_written.contrast.value) == (0.0, -0.125)
    assert row.as_written.p_adjusted < 0.05 < row.p_adjusted
    assert compared.notes == (
        "equal − base: 0.0 points with forced answers (p = 1.000), −12.5 as written (p < 0.001): "
        "whether it is shown depends on unfinished answers; answers were forced in 12.5% of equal "
        "and 0.0% of base",
    )
    assert next(summary(compared)).startswith("equal − base depends on unfinished answers: 0.0")


@pytest.mark.parametrize(("cut", "told"), [(3, False), (8, True)])
def test_up_to_a_point_nothing_is_told(base: Path, tmp_path: Path, cut: int, told: bool) -> None:
    new = log(tmp_path / "new", range(100, 200), cut=range(100, 100 + cut))
    notes = compare(base, new).notes
    assert bool(notes) == told
    assert not told or "more than 1.0 points of it are unfinished answers" in notes[0]


def test_a_sign_that_turns_is_told(tmp_path: Path) -> None:
    old = log(tmp_path / "old", range(200))
    new = log(tmp_path / "new", range(202), cut=range(3))
    assert "its sign depends on unfinished answers" in compare(old, new).notes[0]


def test_the_gate_decides_on_forced_answers_and_says_what_else_it_would_be(
    base: Path, equal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(base, equal) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "PASS - all items: as written the decision would be FAIL instead of PASS: −12.5 points, "
        "with forced answers 0.0; answers were forced in 12.5% of the candidate and 0.0% of the "
        "baseline"
    ) in said


def test_the_gate_decides_on_what_was_written_where_that_is_asked_for(
    base: Path, equal: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junit = tmp_path / "junit.xml"
    assert gate(base, equal, "--answers", "as_written", "--junit", junit) == 1
    told = "with forced answers the decision would be PASS instead of FAIL"
    assert told in " ".join(capsys.readouterr().out.split())
    assert told in junit.read_text()


def test_a_baseline_file_keeps_both(base: Path, equal: Path, tmp_path: Path) -> None:
    files = [tmp_path / "base.gz", tmp_path / "equal.gz"]
    for directory, file in zip((base, equal), files, strict=True):
        save_baseline(open_side(directory), file)
    of_files, of_logs = compare(*files), compare(base, equal)
    assert of_files.differences[0].as_written == of_logs.differences[0].as_written
    assert gate(*files) == 0
    assert gate(*files, "--answers", "as_written") == 1


def test_what_could_not_be_read_as_written_is_told_of_what_was_written(
    base: Path, equal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unread = "12.5% of the answers of the candidate could not be read"
    gate(base, equal)
    assert unread not in capsys.readouterr().out
    gate(base, equal, "--answers", "as_written")
    assert unread in capsys.readouterr().out


def test_the_other_metrics_of_a_log_know_no_forced_answers(base: Path, equal: Path) -> None:
    (side,) = [open_side(equal, metric="parse_ok")]
    assert side.as_written is None
    assert open_side(equal, metric="acc").as_written is not None


def test_the_samples_own_outcome_may_be_the_metric(tmp_path: Path) -> None:
    written = log(tmp_path / "ours", range(20), cut=range(20), correct=True)
    side = open_side(written, metric="correct")
    assert side.as_written is not None
    assert (side.correct.sum(), side.as_written.correct.sum()) == (ITEMS, ITEMS - 20)


@pytest.mark.parametrize("strange", ["no", 7, None, ["x"]])
def test_whatever_other_harnesses_hold_under_these_names_is_no_forced_answer(
    tmp_path: Path, strange: Any
) -> None:
    names: Sequence[str] = ("answer_forced", "correct", "correct_as_written", "parsed_as_written")
    side = open_side(log(tmp_path / "other", range(9), **dict.fromkeys(names, strange)))
    assert side.as_written is None


def test_the_same_responses_read_otherwise_as_written_are_refused(tmp_path: Path) -> None:
    sides = [tmp_path / "old", tmp_path / "new"]
    for place, as_written in zip(sides, (True, False), strict=True):
        rows = [row(i, 1.0, resps=[[str(i)]]) | forced(True, as_written) for i in range(9)]
        write_log(place, "t", rows, model_args=place.name)
    with pytest.raises(UserError, match="9 of 9 items are scored differently"):
        compare(*sides)


def test_the_json_holds_both(base: Path, equal: Path, tmp_path: Path) -> None:
    file = tmp_path / "compared.json"
    assert main(["compare", str(base), str(equal), "--json", str(file)]) == 0
    (found,) = json.loads(file.read_text())["differences"]
    assert (found["value"], found["as_written"]["value"]) == (0.0, -0.125)
    assert {"lower", "upper", "p", "p_adjusted"} <= set(found["as_written"])
