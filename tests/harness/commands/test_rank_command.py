"""`cascod rank` as a user meets it: the leaderboard in the terminal and in files."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from sample_logs import row, write_log

from harness.cli import main

ITEMS = 300


def table(path: Path, chances: dict[str, float], seeds: int = 3, items: int = ITEMS) -> Path:
    """Scores of systems with these chances to be right, in clusters of six."""
    rng = random.Random(0)
    lines = ["item,system,score,seed,cluster"]
    for i in range(items):
        for system, chance in chances.items():
            lines += [
                f"q{i},{system},{int(rng.random() < chance)},{s},c{i // 6}" for s in range(seeds)
            ]
    path.write_text("\n".join(lines) + "\n")
    return path


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} in the JSON")


def ranked(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    file = tmp_path / "rank.json"
    assert main(["rank", *arguments, "--json", str(file)]) == 0
    content: dict[str, Any] = json.loads(file.read_text(), parse_constant=refuse)
    return content


def test_a_table_is_ranked_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path / "s.csv", {"low": 0.3, "best": 0.9, "good": 0.6, "alike": 0.6})
    content = ranked(tmp_path, str(file))
    names = [place["name"] for place in content["places"]]
    assert (names[0], names[-1]) == ("best", "low")
    assert [place["groups"] for place in content["places"]] == ["a", "b", "b", "c"]
    bounds = [(place["best_rank"], place["worst_rank"]) for place in content["places"]]
    assert bounds == [(1, 1), (2, 3), (2, 3), (4, 4)]
    assert content["claim"] == "method"
    assert len(content["pairs"]) == 6
    said = capsys.readouterr().out
    assert "best is the best: it is told apart from all others." in said
    assert "5 of 6 pairs of systems are told apart." in said
    assert max(map(len, said.split("written:")[0].splitlines())) <= 80


def test_directories_tables_and_baselines_are_ranked_together(tmp_path: Path) -> None:
    for name, right in (("old", 30), ("new", 55)):
        rows = [row(i, float(i < right), resps=[[f"{name} {i}"]]) for i in range(60)]
        write_log(tmp_path / name, "t", rows, model_args=name)
    base = tmp_path / "base.json.gz"
    assert main(["gate", str(tmp_path / "old"), "--save", str(base)]) == 0
    content = ranked(tmp_path, str(base), str(tmp_path / "new"))
    assert [place["source"] for place in content["places"]] == [str(tmp_path / "new"), str(base)]
    assert content["adjustment"] == "joint"
    assert content["claim"] == "checkpoint"


def test_page_and_latex_hold_the_leaderboard(tmp_path: Path) -> None:
    file = table(tmp_path / "s.csv", {"a_b<1>": 0.3, "c&d": 0.8})
    page, tex = tmp_path / "rank.html", tmp_path / "rank.tex"
    assert main(["rank", str(file), "--html", str(page), "--tex", str(tex)]) == 0
    html = page.read_text()
    assert "c&amp;d is the best" in html
    assert "a_<wbr>b&lt;1&gt;" in html
    assert "All pairs, in percentage points" in html
    assert r"c\&d & a & 1 & 1 & 3 &" in tex.read_text()


def test_lower_may_be_better(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = table(tmp_path / "s.csv", {"high": 0.9, "low": 0.2})
    content = ranked(tmp_path, str(file), "--higher-is-better", "no")
    assert [place["name"] for place in content["places"]] == ["low", "high"]
    first = content["places"][0]
    assert first["score"] == pytest.approx(0.2, abs=0.1)
    assert first["lower"] < first["score"] < first["upper"]
    assert content["pairs"][0]["difference"] == pytest.approx(0.7, abs=0.1)
    assert "lower is better" in capsys.readouterr().out


@pytest.mark.parametrize(
    "rows",
    {
        "one item": ["q,{s},{n}"],
        "one cluster": [f"q{i},{{s}},{i % 2},1,c" for i in range(6)],
        "all equal": [f"q{i},{{s}},1" for i in range(6)],
        "all equal, no share": [f"q{i},{{s}},7.5" for i in range(6)],
        "negative": [f"q{i},{{s}},-{i}.{{n}}" for i in range(6)],
    }.items(),
    ids=lambda case: case[0],
)
def test_extremes_are_ranked_without_false_certainty(
    tmp_path: Path, rows: tuple[str, list[str]]
) -> None:
    heading = "item,system,score" + (",seed,cluster" if rows[0] == "one cluster" else "")
    lines = [each.format(s=s, n=n) for n, s in enumerate("xyz") for each in rows[1]]
    file = tmp_path / "s.csv"
    file.write_text("\n".join([heading, *lines]) + "\n")
    content = ranked(tmp_path, str(file))
    for pair in content["pairs"]:
        assert 0 < pair["p"] <= pair["p_adjusted"] <= 1
    if rows[0] != "negative":
        assert {place["groups"] for place in content["places"]} == {"a"}
        assert {place["worst_rank"] for place in content["places"]} == {3}


def test_seeds_may_differ_in_number(tmp_path: Path) -> None:
    files = [
        table(tmp_path / f"{system}.csv", {system: chance}, seeds)
        for system, chance, seeds in (("x", 0.2, 2), ("y", 0.9, 5))
    ]
    content = ranked(tmp_path, *map(str, files))
    assert [place["seeds"] for place in content["places"]] == [5, 2]
    assert content["claim"] == "method"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["s.csv#x"], "a ranking needs two systems or more"),
        (["s.csv#x", "s.csv#x"], "s.csv#x is given twice"),
        (["s.csv", "--filter", "strict"], "--filter has no meaning for a table"),
        (["nan.csv"], "nan.csv:3: score is nan, which is no finite score"),
        (["gone.csv"], "gone.csv: no such file"),
    ],
)
def test_wrong_usage_exits_2_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    table(Path("s.csv"), {"x": 0.5, "y": 0.5}, items=4)
    Path("nan.csv").write_text("item,system,score\na,x,1\na,y,NaN\n")
    assert main(["rank", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_a_summary_for_a_pull_request_says_which_end_leads(tmp_path: Path) -> None:
    file = table(tmp_path / "s.csv", {"_one_": 0.5, "two": 0.5})
    for direction, end in (("yes", "highest"), ("no", "lowest")):
        md = tmp_path / f"{direction}.md"
        command = ["rank", str(file), "--md", str(md), "--higher-is-better", direction]
        assert main(command) == 0
        assert "| \\_one\\_ | a |" in md.read_text()
        assert f"has the {end} mean, but cannot be told apart" in md.read_text()
