"""The examples of docs/formats.md, read by the commands that they are for."""

import re
from pathlib import Path

import pytest

from harness.cli import main
from tasks.records.completions import read_completions
from tasks.records.record import read_records, record_problems

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"
EXAMPLES = dict(re.findall(r"```jsonl (\w+)\n(.*?)```", PAGE.read_text(), re.DOTALL))


@pytest.fixture
def example(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / f"{request.param}.jsonl"
    path.write_text(EXAMPLES[request.param])
    return path


def test_every_format_has_its_example() -> None:
    assert set(EXAMPLES) == {"completions", "records", "suite"}


@pytest.mark.parametrize("example", ["completions"], indirect=True)
def test_completions_are_scored_and_imported(example: Path, tmp_path: Path) -> None:
    assert {row.task for row in read_completions(example)} == {"sums", "fruit", "cities"}
    assert main(["score", str(example)]) == 0
    assert main(["data", "import", str(example), "--out", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize("example", ["records", "suite"], indirect=True)
def test_records_and_suites_pass_the_check(
    example: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "check", str(example)]) == 0
    printed = capsys.readouterr().out
    count = len(EXAMPLES[example.stem].splitlines())
    assert f"{count} records, all valid" in printed
    assert ("for testing only: 2" in printed) == (example.stem == "suite")
    assert len(record_problems(read_records(example))) == count
