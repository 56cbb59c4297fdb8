"""Anybody's logs: where the outputs of systems go wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_logs import row, write_log

from harness.cli import main

PROMPT = "Q: What is 2 + 2?\nA: 4.\n\nQ: Solve ((2 + 3) * (4 - 1)) =\nA:"
GOOD = "(2 + 3) * (4 - 1) = 5 * 3 = 15. The answer is 15."
SLIPPED = "(2 + 3) * (4 - 1) = 5 * 3 = 12. The answer is 12."


@pytest.fixture
def systems(tmp_path: Path) -> list[str]:
    for name, said, right in (("base", SLIPPED, 0.0), ("new", GOOD, 1.0)):
        rows = [
            row(n, right, doc={}, arguments=[[PROMPT, {}]], resps=[[said]], filtered_resps=[said])
            for n in range(6)
        ]
        write_log(tmp_path / name, "sums", rows)
    return [str(tmp_path / "base"), str(tmp_path / "new")]


def test_a_flip_tells_its_wrong_step_and_the_other_side_s(
    systems: list[str], tmp_path: Path
) -> None:
    files = [tmp_path / "out.json", tmp_path / "out.html", tmp_path / "out.md"]
    options = [part for file in files for part in (f"--{file.suffix[1:]}", str(file))]
    assert main(["compare", *systems, *options]) == 0
    compared = json.loads(files[0].read_text())
    for flip in compared["flips"]:
        base, new = flip["said"]
        assert new["first_error"] is None
        assert base["first_error"]["kind"] == "arithmetic slip"
        assert base["first_error"]["beside"] == {
            "whose": "new",
            "text": GOOD.removesuffix(" The answer is 15."),
        }
    html = files[1].read_text()
    assert html.count('<li class="wrong">') == len(compared["flips"]) == 6
    assert "First wrong step: 1 (arithmetic slip)" in files[2].read_text()


def test_kinds_are_counted_over_all_outputs(
    systems: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out.json"
    assert main(["compare", *systems, "--json", str(file)]) == 0
    base, new = json.loads(file.read_text())["first_errors"]
    assert (base["system"], base["wrong"], base["kinds"]["arithmetic slip"]) == ("base", 6, 6)
    assert (new["system"], new["wrong"], new["lucky"]) == ("new", 0, 0)
    assert "arithmetic slip" in capsys.readouterr().out


def test_nothing_is_said_where_nothing_was_found(
    systems: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", systems[1], systems[1]]) == 0
    assert "first error" not in capsys.readouterr().out.lower()
