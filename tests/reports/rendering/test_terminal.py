"""Tables on a terminal of 80 columns, and names that try to do something to it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from synthetic_run import SYSTEMS, write_run

from harness.cli import main
from reports.rendering.tables import Entry, Table
from reports.rendering.terminal import Terminal, print_table

WIDTH = 80
HOSTILE = "mmlu[law]\x1b[31m\u202efdp"
HOSTILE_SHOWN = "mmlu[law]\\x1b[31m\\u202efdp"


def printed(table: Table, width: int = WIDTH) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_table(table, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_report_keeps_names_and_intervals_whole_at_80_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))
    run = write_run(tmp_path, SYSTEMS, items_per_task=10)
    assert main(["report", str(run)]) == 0
    said = capsys.readouterr().out
    lines = [line for line in said.splitlines() if not line.startswith("report: ")]
    assert max(map(len, lines)) <= WIDTH
    table = said[said.index("Accuracy in percent") :]
    for row in SYSTEMS:
        assert any(row.method in line.split() for line in table.splitlines())
    assert not any(line.split()[:1] == ["d_cot"] for line in lines)
    assert not any(line.rstrip().endswith(" to") for line in table.splitlines())


def test_what_is_too_wide_even_so_continues_below() -> None:
    values = tuple(f"value {i}" for i in range(20))
    table = Table("Wide", ("method", *values), ((Entry("std_cot"), *map(Entry, values)),), 1)
    said = printed(table)
    assert max(map(len, said.splitlines())) <= WIDTH
    assert "Wide (continued)" in said
    assert said.count("std_cot") == said.count("Wide")
    assert all(said.count(value) >= 1 for value in values)


def test_phrases_wrap_between_words() -> None:
    phrase = "a phrase of several words that takes much more than the width of the terminal has"
    table = Table("", ("what", "n"), ((Entry(phrase), Entry("1")),), 1)
    words = " ".join(printed(table).split())
    assert words.replace("1 ", "", 1).endswith(phrase.split(" ", 1)[1])


def test_names_act_neither_as_markup_nor_on_the_terminal() -> None:
    table = Table(HOSTILE, ("on", HOSTILE), ((Entry(HOSTILE), Entry("[/x]", HOSTILE)),), 1)
    said = printed(table)
    assert said.count(HOSTILE_SHOWN) == 4
    assert "[/x]" in said
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_what_looks_like_an_emojis_code_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().print("longer:+1: nothing")
    assert capsys.readouterr().out == "longer:+1: nothing\n"
