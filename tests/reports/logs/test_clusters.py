"""Items that belong together in logs of others: named by a field of the doc, or by a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_logs import row, write_log

from harness.cli import main
from reports.logs.baseline_file import save_baseline
from reports.logs.open_side import open_side
from tasks.errors import UserError

ITEMS = 24
PASSAGE = "A long text about rivers, towns and bridges that four questions in a row are about. "


def read_log(directory: Path, *, right: int = 12, task: str = "reading") -> Path:
    """A foreign log: four questions a passage."""
    rows = [
        row(
            i,
            float(i < right),
            doc={"q": f"{i}?", "passage": f"{PASSAGE}{i // 4}", "meta": {"book": i // 12}},
            resps=[[directory.name]],
        )
        for i in range(ITEMS)
    ]
    write_log(directory, task, rows)
    return directory


@pytest.mark.parametrize(("key", "clusters"), [("passage", 6), ("meta.book", 2), ("q", ITEMS)])
def test_a_field_of_the_doc_names_the_clusters(tmp_path: Path, key: str, clusters: int) -> None:
    side = open_side(read_log(tmp_path), cluster=key)
    assert len(set(side.items.cluster)) == clusters
    assert side.notes == ()


def test_a_passage_that_two_tasks_ask_about_is_one_cluster(tmp_path: Path) -> None:
    for task in ("reading", "writing"):
        read_log(tmp_path, task=task)
    assert len(set(open_side(tmp_path, cluster="passage").items.cluster)) == 6


def test_compare_and_gate_count_clusters_that_the_user_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    systems = [str(read_log(tmp_path / name, right=n)) for name, n in (("old", 12), ("new", 16))]
    assert main(["compare", *systems]) == 0
    said = capsys.readouterr().out
    assert "in 24 clusters" in said
    assert "24 items share 6 values of 'passage'" in said
    assert main(["compare", *systems, "--cluster", "passage"]) == 0
    said = capsys.readouterr().out
    assert "in 6 clusters" in said
    assert "share 6 values" not in said
    assert main(["gate", *systems, "--margin", "0.5", "--cluster", "passage"]) in (0, 3)
    assert "6 clusters" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["json", "csv", "task.csv"])
def test_a_file_names_the_clusters(tmp_path: Path, kind: str) -> None:
    clusters = {str(i): f"c{i // 8}" for i in range(ITEMS)}
    file = tmp_path / f"clusters.{kind}"
    if kind == "json":
        file.write_text(json.dumps(clusters))
    elif kind == "csv":
        file.write_text("item,cluster\n" + "".join(f"{i},{c}\n" for i, c in clusters.items()))
    else:
        rows = "".join(f"reading,{i},{c}\n" for i, c in clusters.items())
        file.write_text(f"task,item,cluster\n{rows}")
    directory = read_log(tmp_path / "log")
    side = open_side(directory, cluster=str(file))
    assert side.items.cluster.tolist() == list(clusters.values())
    save_baseline(open_side(directory), tmp_path / "base.json.gz")
    saved = open_side(tmp_path / "base.json.gz", cluster=str(file))
    assert saved.items.cluster.tolist() == list(clusters.values())


def test_what_has_no_cluster_is_named(tmp_path: Path) -> None:
    directory = read_log(tmp_path / "log")
    with pytest.raises(UserError, match=r":1: the doc has no field 'story' .* it has q, passage, "):
        open_side(directory, cluster="story")
    file = tmp_path / "few.csv"
    file.write_text("item,cluster\n0,a\n1,a\n")
    with pytest.raises(UserError, match=r"few.csv: no cluster for 22 of 24 items \(2, 3, 4\)"):
        open_side(directory, cluster=str(file))
    file.write_text("item,cluster\n0,a\n0,b\n")
    with pytest.raises(UserError, match=r"few.csv:3: item '0' has two clusters"):
        open_side(directory, cluster=str(file))


def test_a_baseline_saved_without_the_clusters_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = read_log(tmp_path / "log")
    save_baseline(open_side(directory), tmp_path / "base.json.gz")
    sides = [str(tmp_path / "base.json.gz"), str(directory)]
    assert main(["gate", *sides, "--margin", "0.1", "--cluster", "passage"]) == 2
    assert "save it anew" in capsys.readouterr().err
