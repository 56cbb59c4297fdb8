"""`cascod published`: printed tables, pair by pair, and a run's own contrasts beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from synthetic_run import write_run

from harness.cli import main
from reports.printed_tables.printed_pairs import PrintedTable, printed_tables
from reports.run_report.build import build_report
from reports.run_report.published import COLUMNS, read_published

HEADER = ",".join(COLUMNS)


def tables_of(folder: Path, *lines: str, header: str = HEADER) -> list[PrintedTable]:
    (folder / "paper.csv").write_text("\n".join([header, *lines]) + "\n")
    return printed_tables(read_published(folder))


def test_pairs_hold_depend_or_cannot(tmp_path: Path) -> None:
    [table] = tables_of(
        tmp_path,
        "P Table 1,llama,far,arc_easy,70.0,,",
        "P Table 1,llama,near,arc_easy,60.5,,",
        "P Table 2,llama,same,arc_easy,60.4,,",
        "P Table 2,llama,close,arc_easy,59.0,,",
    )
    said = {(pair.better, pair.other): pair.says for pair in table.pairs}
    assert said["far", "near"] == "holds"
    assert said["near", "close"] == "depends"
    assert said["near", "same"] == "cannot"
    assert (table.paper, table.methods, len(table.pairs)) == ("P", 4, 6)
    assert table.count("holds") == 3
    assert table.hold_together <= table.count("holds")


def test_a_papers_own_spread_tells_of_other_runs(tmp_path: Path) -> None:
    [table] = tables_of(
        tmp_path,
        "P,llama,one,bbh_test,48.0,0.4,3",
        "P,llama,two,bbh_test,47.0,0.4,3",
        "P,llama,three,bbh_test,46.0,,",
    )
    over_runs = {(pair.better, pair.other): pair.over_runs for pair in table.pairs}
    assert over_runs["one", "two"] == pytest.approx(0.0376, abs=5e-4)
    assert over_runs["one", "three"] is None


def test_a_benchmark_that_is_none_of_ours_needs_its_items(tmp_path: Path) -> None:
    lines = ["P,llama,one,gsm8k,20.5,,", "P,llama,two,gsm8k,29.2,,"]
    assert tables_of(tmp_path, *lines) == []
    [table] = tables_of(tmp_path, *(f"{line},1319" for line in lines), header=f"{HEADER},items")
    assert table.items == 1319


def test_the_command_prints_a_row_a_table_and_a_methods_pairs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables_of(tmp_path, "P,llama,one,bbh_test,48.0,,", "P,llama,two,bbh_test,47.0,,")
    out = tmp_path / "pairs.json"
    assert main(["published", str(tmp_path), "--method", "two", "--json", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "depends" in printed
    assert "−1.0" in printed
    assert "1 of 1 pairs are printed without a spread over runs" in printed
    [table] = json.loads(out.read_text())
    assert table["pairs"][0]["better"] == "one"
    assert table["pairs"][0]["p"]["smallest"] < table["pairs"][0]["p"]["largest"]


def test_a_runs_own_contrast_stands_beside_theirs_the_same_way_round(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run")
    header = f"{HEADER},items"
    lines = ["P,llama,std_cot,embedded_ind,62,,,500", "P,llama,cascod,embedded_ind,60,,,500"]
    (tmp_path / "paper.csv").write_text("\n".join([header, *lines]) + "\n")
    comparisons = build_report(run).comparisons
    [table] = printed_tables(read_published(tmp_path), comparisons)
    ours = {
        row.student: row.contrast.value
        for row in comparisons
        if (row.treatment, row.baseline, row.on) == ("cascod", "std_cot", "embedded_ind")
    }
    assert {own.student: -own.contrast.value for own in table.pairs[0].own} == ours
    assert ours
    assert main(["published", str(tmp_path), "--run", str(run), "--method", "cascod"]) == 0
    assert "p " in capsys.readouterr().out


def test_what_is_missing_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables_of(tmp_path, "P,llama,one,bbh_test,48.0,,")
    assert main(["published", str(tmp_path)]) == 2
    assert "no two methods on one benchmark" in capsys.readouterr().err
    tables_of(tmp_path, "P,llama,one,bbh_test,48.0,,", "P,llama,two,bbh_test,47.0,,")
    assert main(["published", str(tmp_path), "--method", "three"]) == 2
    assert "no pair has the method 'three'" in capsys.readouterr().err
