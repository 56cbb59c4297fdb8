"""Joining systems item by item."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_logs import row, write_log

from reports.logs.joined import join
from reports.logs.open_side import open_side
from reports.logs.samples import Side, read_side
from tasks.errors import UserError


def side(directory: Path, ids: list[int], *, task: str = "t", prefix: str = "hash") -> Side:
    """A system that has every even item right."""
    rows = [row(i, float(i % 2 == 0), doc_hash=f"{prefix}-{i}") for i in ids]
    write_log(directory, task, rows, model_args=directory.name)
    return read_side(directory)


def test_items_meet_whatever_their_order(tmp_path: Path) -> None:
    joined = join([side(tmp_path / "a", [0, 1, 2]), side(tmp_path / "b", [2, 0, 1])])
    assert joined.correct[0].tolist() == joined.correct[1].tolist() == [[True, False, True]]
    assert joined.left_out == (0, 0)


def test_missing_items_are_refused_with_counts_and_ids_unless_an_intersection_is_wanted(
    tmp_path: Path,
) -> None:
    sides = [side(tmp_path / "a", [0, 1, 2]), side(tmp_path / "b", [1, 2, 3, 4, 5, 6])]
    message = (
        r"1 of 3 items of .*a \(t 0\) and 4 of 6 items of .*b \(t 3, t 4, t 5\) .* --intersect"
    )
    with pytest.raises(UserError, match=message):
        join(sides)
    joined = join(sides, intersect=True)
    assert joined.items.id.tolist() == ["1", "2"]
    assert joined.left_out == (1, 4)


def test_other_questions_under_the_same_ids_are_no_common_items(tmp_path: Path) -> None:
    sides = [side(tmp_path / "a", [0, 1]), side(tmp_path / "b", [0, 1], prefix="other")]
    with pytest.raises(UserError, match="other questions under the same task names"):
        join(sides, intersect=True)


def test_other_tasks_are_named(tmp_path: Path) -> None:
    sides = [side(tmp_path / "a", [0]), side(tmp_path / "b", [0], task="u")]
    with pytest.raises(UserError, match="no item in common; the tasks are t and u"):
        join(sides)


@pytest.mark.parametrize("column", ["suite", "role", "cluster"])
def test_an_item_that_belongs_elsewhere_on_one_side_is_named(tmp_path: Path, column: str) -> None:
    sides = []
    for name in ("a", "b"):
        place = {"id": "q1", "suite": "s", "role": "ood", "cluster": "c"} | {column: name}
        write_log(tmp_path / name, "t", [row(0, 1.0, **place)])
        sides.append(read_side(tmp_path / name))
    with pytest.raises(UserError, match=f"b: {column} of item 'q1' is 'b', elsewhere 'a'"):
        join(sides, intersect=True)


def test_suites_may_share_a_task_and_its_questions(tmp_path: Path) -> None:
    rows = [f"q{i},{s},1,t,{suite}" for s in "ab" for suite in ("plain", "hard") for i in range(2)]
    file = tmp_path / "scores.csv"
    file.write_text("\n".join(["item,system,score,task,suite", *rows]))
    joined = join([open_side(Path(f"{file}#{system}")) for system in "ab"])
    assert joined.items.tasks == [("plain", "t"), ("hard", "t")]
    assert len(joined.items) == 4
