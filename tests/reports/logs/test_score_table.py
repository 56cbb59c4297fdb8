"""Sides from a table of item, system and score."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from harness.cli import main
from reports.logs.baseline_file import read_baseline, save_baseline
from reports.logs.open_side import open_side
from tasks.errors import UserError

TABLE = """\
item,system,score,seed,task,cluster
q1,old,0,1,sums,p
q2,old,1,1,sums,p
q1,old,1,2,sums,p
q2,old,1,2,sums,p
q1,org/new,0.5,1,sums,p
q2,org/new,true,1,sums,p
"""


def table(path: Path, text: str = TABLE) -> Path:
    path.write_text(text)
    return path


def test_a_system_of_a_table_is_a_side_with_seeds_as_rows(tmp_path: Path) -> None:
    file = table(tmp_path / "scores.csv")
    side = open_side(Path(f"{file}#old"))
    assert (side.name, side.seeds) == (f"{file}#old", ("1", "2"))
    assert side.correct.tolist() == [[False, True], [True, True]]
    assert side.items.task.tolist() == side.items.suite.tolist() == ["sums", "sums"]
    assert side.items.cluster.tolist() == ["p", "p"]
    assert open_side(Path(f"{file}#org/new")).correct.tolist() == [[0.5, 1.0]]


def test_the_example_of_the_page_is_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "formats.md").read_text()
    file = table(tmp_path / "scores.csv", page.split("```csv\n")[1].split("```")[0])
    side = open_side(Path(f"{file}#new"))
    assert side.correct.tolist() == [[0.5, 1.0]]
    assert set(side.items.suite) == {"school"}


def test_rows_of_one_item_and_seed_are_draws(tmp_path: Path) -> None:
    file = table(tmp_path / "s.csv", "item,system,score\na,x,1\na,x,0\nb,x,1\nb,x,1\n")
    side = open_side(file)
    assert side.correct.tolist() == [[0.5, 1.0]]
    assert side.notes == (
        "2 draws of an item within a seed: averaged, since they are no training seeds",
    )


def test_parquet_says_the_same(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = "1,x,0.5,0\n2,x,-1,0\n1,y,1,0\n2,y,3,0\n"
    csv = table(tmp_path / "s.csv", f"item,system,score,seed\n{rows}")
    columns = {
        "item": [1, 2, 1, 2],
        "system": ["x", "x", "y", "y"],
        "score": [0.5, -1, 1, 3],
        "seed": [0] * 4,
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "s.parquet")
    for system in "xy":
        sides = [open_side(Path(f"{file}#{system}")) for file in (csv, tmp_path / "s.parquet")]
        assert sides[0].correct.tolist() == sides[1].correct.tolist()
        assert sides[0].items.same_as(sides[1].items)
        assert sides[0].responses.tolist() == sides[1].responses.tolist()
    columns["score"][1] = float("nan")
    parquet.write_table(pyarrow.table(columns), tmp_path / "nan.parquet")
    with pytest.raises(UserError, match=r"nan.parquet:2: score is nan, which is no finite score"):
        open_side(tmp_path / "nan.parquet")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("item,system,score\na,x,1\nb,x,nan\n", r":3: score is nan, which is no finite score"),
        ("item,system,score\na,x,inf\n", r":2: score is inf, which is no finite score"),
        ("item,system,score\na,x,\n", r":2: score is '', which is no number"),
        ("item,system,score\na,x,good\n", r":2: score is 'good', which is no number"),
        ("item,system\na,x\n", "no column score; it has item, system"),
        ("item,system,score\n", "no rows in this table"),
        ("item,system,score\na,x\n", ":2: 2 cells, where the first line names 3 columns"),
        ("item,system,score,item\n", "two columns are called 'item'"),
        ("item,system,score\n,x,1\n", ":2: an item without a name"),
        ("item,system,score,cluster\na,x,1,p\na,y,1,q\n", ":3: item 'a' has two clusters"),
        ("item,system,score\na,x,1\na,y,1\n", r"holds 2 systems \(x, y\); name one, as in s.csv#x"),
        ('item,system,score\n"a,x,1\n', "cannot be read"),
        ("item,system,score,seed\na,x,1,1\nb,x,1,2\n", "seeds were asked different items"),
    ],
)
def test_faulty_tables_are_refused_with_file_and_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        open_side(table(tmp_path / "s.csv", text))


def test_a_system_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = table(tmp_path / "s.csv")
    with pytest.raises(UserError, match="no system 'gone'; it has old, org/new"):
        open_side(Path(f"{file}#gone"))
    with pytest.raises(UserError, match="--filter has no meaning for a table"):
        open_side(Path(f"{file}#old"), filter_name="strict")


def graded(path: Path, *, shift: float = 1.0, items: int = 200) -> Path:
    """Grades from 1 to 10 by a judge; "new" is better by `shift`, ± 1."""
    rng = random.Random(0)
    lines = ["item,system,score,seed"]
    for i in range(items):
        level = rng.uniform(2, 8)
        for seed in (1, 2, 3):
            lines.append(f"{i},old,{level + rng.gauss(0, 0.5):.3f},{seed}")
            lines.append(f"{i},new,{level + shift + rng.gauss(0, 0.5):.3f},{seed}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_compare_and_gate_read_tables_in_the_scores_own_units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = graded(tmp_path / "grades.csv")
    assert main(["compare", f"{file}#old", f"{file}#new"]) == 0
    said = capsys.readouterr().out
    assert "in the score's own units" in said
    assert re.search(r"new − old: \+(0\.9|1\.0)\d \(95% interval", said)
    assert "McNemar mid-p" not in said
    assert "points" not in said
    assert main(["gate", f"{file}#old", f"{file}#new", "--margin", "1.5"]) == 0
    assert "a loss of 1.50 or more is ruled out" in capsys.readouterr().out
    assert main(["gate", f"{file}#new", f"{file}#old", "--margin", "0.5"]) == 1


def test_lower_may_be_better(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = graded(tmp_path / "errors.csv")
    command = ["gate", f"{file}#old", f"{file}#new", "--margin", "0.5"]
    assert main([*command, "--higher-is-better", "no"]) == 1
    said = capsys.readouterr().out
    assert "lower is better" in said
    old, new = (float(text) for text in said.split("all items")[1].split()[1:4:2])
    assert new - old == pytest.approx(1, abs=0.2)


def test_a_table_keeps_its_scores_in_a_baseline_file(tmp_path: Path) -> None:
    side = open_side(Path(f"{graded(tmp_path / 's.csv', items=5)}#old"))
    save_baseline(side, tmp_path / "base.json.gz")
    read = read_baseline(tmp_path / "base.json.gz")
    assert read.correct.tolist() == side.correct.tolist()
    assert read.responses.tolist() == side.responses.tolist()
    command = ["gate", str(tmp_path / "base.json.gz"), f"{tmp_path / 's.csv'}#old"]
    assert main([*command, "--margin", "0.1"]) == 0


def test_the_same_scores_are_no_proof_of_the_same_responses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "item,system,score\n" + "".join(f"{i},{s},{i % 2}\n" for i in range(40) for s in "xy")
    file = table(tmp_path / "s.csv", text)
    assert main(["gate", f"{file}#x", f"{file}#y", "--margin", "0.01"]) == 3
    assert main(["gate", f"{file}#x", f"{file}#x", "--margin", "0.01"]) == 0


def test_the_order_of_rows_and_other_systems_beside_it_change_no_run(tmp_path: Path) -> None:
    rows = [f"q{i},{s},{i % 3 / 2},{seed}" for i in range(9) for s in "xy" for seed in (1, 2)]
    own = [row for row in rows if ",x," in row]
    head = "item,system,score,seed\n"
    file = table(tmp_path / "s.csv", head + "\n".join(rows) + "\n")
    backwards = sorted(own, key=lambda row: row.split(",")[0], reverse=True)
    turned = table(tmp_path / "t.csv", head + "\n".join(backwards) + "\n")
    first, second = (open_side(Path(f"{path}#x")) for path in (file, turned))
    assert second.items.id.tolist() == first.items.id.tolist()[::-1]
    assert set(second.responses.flat) == set(first.responses.flat)
    assert main(["gate", f"{file}#x", f"{turned}#x", "--margin", "0.01"]) == 0


def test_the_order_of_an_item_s_draws_changes_nothing(tmp_path: Path) -> None:
    sides = []
    for name, draws in (("s.csv", "123"), ("t.csv", "321")):
        rows = [f"q{i},x,0.{draw}" for i in range(3) for draw in draws]
        file = table(tmp_path / name, "item,system,score\n" + "\n".join(rows) + "\n")
        sides.append(open_side(file))
    assert (sides[0].correct == sides[1].correct).all()
    assert (sides[0].responses == sides[1].responses).all()


@pytest.mark.parametrize(
    "scores",
    {
        "one item": [[3.5], [4.0]],
        "all equal": [[7.0] * 5, [7.0] * 5],
        "a constant shift": [[1.5] * 5, [2.5] * 5],
        "negative": [[-3.0, -1.5, -2.25], [-2.0, -1.75, -9.5]],
        "tiny": [[1e-9, -2e-9, 3e-9], [2e-9, 2e-9, -1e-9]],
        "huge": [[1e49, -2e49, 3e49], [2e49, 2e49, -1e49]],
        "hardly there": [[1e-200, -2e-200, 3e-200], [2e-200, 2e-200, -1e-200]],
    }.items(),
    ids=lambda case: case[0],
)
def test_extreme_scores_are_answered_without_false_certainty(
    tmp_path: Path, scores: tuple[str, list[list[float]]], capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        f"{i},{system},{score!r}"
        for system, own in zip(("old", "new"), scores[1], strict=True)
        for i, score in enumerate(own)
    ]
    file = table(tmp_path / "s.csv", "item,system,score\n" + "\n".join(rows) + "\n")
    out = tmp_path / "out.json"
    systems = [f"{file}#old", f"{file}#new"]
    assert main(["compare", *systems, "--json", str(out)]) == 0
    assert "nan" not in capsys.readouterr().out.lower()
    text = out.read_text()
    assert "NaN" not in text
    assert "Infinity" not in text
    for found in json.loads(text)["differences"]:
        assert 0 < found["p"] <= 1
        if found["upper"] is not None:
            assert found["lower"] < found["value"] < found["upper"]
    assert main(["gate", *systems, "--margin", "0.5"]) in (0, 1, 3)


def test_one_cluster_leaves_all_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"{i},{s},{2 * i},c\n" for i in range(5) for s in ("old", "new"))
    file = table(tmp_path / "s.csv", f"item,system,score,cluster\n{rows}")
    assert main(["gate", f"{file}#old", f"{file}#new", "--margin", "0.5"]) == 3
    said = capsys.readouterr().out
    assert "−∞ to +∞" in said
    assert "too few independent clusters" in said


def test_flipped_items_of_a_table_are_named_without_texts_that_it_does_not_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "\n".join(f"q{i},{s},{int(i > 3 * (s == 'y'))}" for i in range(9) for s in "xy")
    file = table(tmp_path / "s.csv", f"item,system,score\n{rows}\n")
    files = ["--md", str(tmp_path / "s.md"), "--html", str(tmp_path / "s.html")]
    assert main(["compare", f"{file}#x", f"{file}#y", "--flips", "9", *files]) == 0
    said = capsys.readouterr().out
    assert "y: 0 items gained, 3 lost\n  right → wrong scores q" in said
    for text in (said, (tmp_path / "s.md").read_text(), (tmp_path / "s.html").read_text()):
        assert text.count("right → wrong") == 3
        assert not re.search("gold:|Gold answer|nothing", text)
