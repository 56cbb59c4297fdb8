"""A baseline in one file: what is written is what is read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from sample_logs import row, write_log

from reports.comparing.flips import show_flips
from reports.logs.baseline_file import read_baseline, save_baseline
from reports.logs.joined import join
from reports.logs.samples import read_side
from tasks.errors import UserError


def test_a_saved_side_is_the_side(tmp_path: Path) -> None:
    for seed in ("a", "b"):
        rows = [row(0, 1.0), row(1, 0.0, cluster="passage"), row(2, 1.0, cluster="passage")]
        write_log(tmp_path / "runs" / seed, "arc", rows, model_args=seed)
    side = read_side(tmp_path / "runs")
    save_baseline(side, tmp_path / "deep" / "base.json.gz")
    read = read_baseline(tmp_path / "deep" / "base.json.gz")
    assert read.seeds == side.seeds
    assert read.correct.tolist() == side.correct.tolist()
    joined = join([side, read])
    assert (joined.responses[0] == joined.responses[1]).all()
    assert joined.items.cluster.tolist() == ["arc/0", "passage", "passage"]


def test_the_same_side_gives_the_same_bytes(tmp_path: Path) -> None:
    write_log(tmp_path / "runs", "arc", [row(0, 1.0)])
    side = read_side(tmp_path / "runs")
    files = [tmp_path / "one.json.gz", tmp_path / "two.json.gz"]
    for file in files:
        save_baseline(side, file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_items_flip_between_two_files_though_neither_keeps_texts(tmp_path: Path) -> None:
    sides = []
    for name, right in (("old", [1.0, 0.0]), ("new", [0.0, 1.0])):
        rows = [row(i, each, resps=[[name]]) for i, each in enumerate(right)]
        write_log(tmp_path / name, "arc", rows)
        save_baseline(read_side(tmp_path / name), tmp_path / f"{name}.json.gz")
        sides.append(read_baseline(tmp_path / f"{name}.json.gz"))
    flips, counts = show_flips(join(sides), sides, most=1)
    assert list(counts.values()) == [(1, 1)]
    assert [(flip.id, flip.prompt) for flip in flips] == [("1", ""), ("0", "")]


def packed(content: bytes) -> bytes:
    """Without the time, which would make another test of it in every process."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    "content",
    [b"text", packed(b"{}"), packed(b"[]"), packed(b"x")[:9]],
    ids=["text", "object", "list", "cut off"],
)
def test_any_other_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(UserError, match="not a baseline file"):
        read_baseline(tmp_path / "file")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or directory"):
        read_baseline(tmp_path / "none")
