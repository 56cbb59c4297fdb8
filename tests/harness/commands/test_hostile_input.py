"""What somebody hostile, or only unlucky, gives the command: one line each, never a traceback."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sample_logs import row, write_log

from harness.cli import main
from tasks.errors import UserError
from tasks.files import read_json
from tasks.procedural.suite import training_records
from tasks.records.record import write_records

# Every line ten times the one above it.
BOMB = [f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]".encode() for i in range(20)]
EXPERIMENT = """\
name: mine
students: [{name: s, source: tiny}]
methods: [std_cot]
seeds: [1]
data: {source: embedded, per_family: 1}
suites: [embedded]
"""


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line of a command that must be refused."""
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.startswith("cascod: ")
    assert said.count("\n") == 1
    return said


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk that is nearly full, every file ends at so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"n": ' + "1" * 6_000 + "}", "a number of thousands of digits"),
        ('{"a": "\\ud800"}', "half a character"),
        ('{"a": NaN}', "holds NaN or Infinity"),
        ('{"a": 1e999}', "holds NaN or Infinity"),
        ("\x00", "not valid JSON"),
    ],
)
def test_json_that_python_cannot_take_is_named_with_its_line(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text(text)
    assert f"records.jsonl:1: {message}" in refused(["data", "check", str(file)], capsys)
    with pytest.raises(UserError, match=message):
        read_json(file)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: \xff", "not UTF-8 text"),
        (b"a: &a [*a]", "an alias inside of what it stands for"),
        (b"\n".join([b"a0: &a0 [x]", *BOMB]), "too many values"),
        (b"[" * 100_000, "nested too deeply"),
        (b"name: " + b"9" * 6_000, "not valid YAML"),
        (b"name: 2001-99-99", "not valid YAML"),
        (b"name: \x01", "not valid YAML"),
        (b"name: !!python/object:os.system {}", "not valid YAML"),
    ],
)
def test_yaml_that_is_none_is_named(
    content: bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes(content)
    assert message in refused(["run", str(file), "--dry-run"], capsys)


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("seeds=[-1]", "seeds.0"),
        ("seeds=[4294967296]", "seeds.0"),
        ("test_seed=-1", "test_seed"),
        ("data.seed=-1", "data.seed"),
        ("training.learning_rate=.inf", "training.learning_rate"),
        ("training.learning_rate=.nan", "training.learning_rate"),
        ("training.weight_decay=.inf", "training.weight_decay"),
        ("decoding={temperature: .nan}", "decoding.temperature"),
        ("sampling={temperature: .inf}", "sampling.temperature"),
    ],
)
def test_impossible_numbers_are_refused_by_their_key(
    setting: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(EXPERIMENT)
    assert f"{key}: " in refused(["run", str(file), "--dry-run", "--set", setting], capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        ["bench", "--rounds", "0"],
        ["bench", "--threads", "-1"],
        ["simulate", "--seed", "-1"],
        ["data", "generate", "--out", "x", "--per-family", "0"],
        ["audit", "x", "--top", "-1"],
        ["power", "a", "b", "--effect", "1e999"],
    ],
)
def test_impossible_numbers_on_the_command_line_exit_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_a_link_to_itself_is_no_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loop = tmp_path / "loop.jsonl"
    loop.symlink_to(loop)
    assert "loop.jsonl" in refused(
        ["data", "import", str(loop), "--out", str(tmp_path / "out")], capsys
    )


@pytest.mark.parametrize("results", ["[]", '{"config": null}', '{"config": []}', "null", "{"])
def test_odd_results_files_are_refused_or_passed_over(
    results: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_log(tmp_path / "old", "arc", [row(0, 1.0)])
    next(file.parent.glob("results_*.json")).write_text(results)
    status = main(["compare", str(file.parent), str(file.parent)])
    assert status in (0, 2)
    assert capsys.readouterr().err.count("\n") == (1 if status else 0)


@pytest.mark.parametrize("option", ["--save", "--junit"])
@pytest.mark.parametrize("place", [".", "file/x", "x" * 300])
def test_a_file_that_cannot_be_written_is_named(
    option: str,
    place: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    write_log(tmp_path / "old", "arc", [row(i, i % 2) for i in range(8)])
    said = refused(["gate", "old", "old", "--margin", "0.1", option, place], capsys)
    assert said.startswith(f"cascod: {place}: ")


def test_a_full_disk_leaves_no_half_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "train.jsonl"
    with files_of_at_most(1_000):
        said = refused(["data", "generate", "--out", str(out), "--per-family", "20"], capsys)
    assert f"{out}: cannot be written" in said
    assert list(tmp_path.iterdir()) == []


def test_names_that_look_like_markup_are_shown_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "completions.jsonl"
    lines = [
        f'{{"task": "{task}", "completion": "So the answer is 4.", "target": "4"}}\n'
        for task in ("mmlu[law]", "[/x]", "\\u001b[2J\\u202e")
    ]
    file.write_text("".join(lines))
    assert main(["score", str(file)]) == 0
    said = capsys.readouterr().out
    for shown in ("mmlu[law]", "[/x]", "\\x1b[2J\\u202e"):
        assert f"\n{shown} " in said
    assert "\x1b" not in said


def test_record_names_are_shown_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    records = training_records(seed=0, per_family=1)
    file = tmp_path / "records.jsonl"
    write_records(file, [replace(record, task="mmlu[law][/x]") for record in records])
    assert main(["data", "check", str(file)]) == 0
    assert "\nmmlu[law][/x] " in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("device", ["abacus", "cuda:99", "meta:x"])
def test_a_device_that_is_not_there_is_named(
    device: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", str(tmp_path), "--suite", "embedded", "--device", device]
    assert f"device {device}: cannot be used" in refused(arguments, capsys)
