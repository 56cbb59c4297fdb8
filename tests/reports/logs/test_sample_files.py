"""Which of several samples files counts: one rule for a cell's folder and for a tree of seeds."""

from __future__ import annotations

from pathlib import Path

from sample_logs import DATE, LATER, row, write_log

from reports.logs.sample_files import logs_below, logs_in, newest


def test_the_newest_counts_whatever_the_order_and_of_equals_the_last() -> None:
    found = [("a", 2, "x"), ("b", 1, "x"), ("a", 1, "x"), ("a", 2, "y")]
    counting, passed_over = newest(found, lambda each: each[0], lambda each: each[1])
    assert counting == [("a", 2, "y"), ("b", 1, "x")]
    assert passed_over == [(("a", 1, "x"), ("a", 2, "x")), (("a", 2, "x"), ("a", 2, "y"))]


def test_a_folder_and_a_tree_take_the_same_file_and_tell_of_the_older_one(tmp_path: Path) -> None:
    for date in (LATER, DATE):
        write_log(tmp_path, "arc_easy", [row(0, 1.0)], date=date)
    for read in (logs_in, logs_below):
        [log], [note] = read(tmp_path)
        assert (log.task, log.date) == ("arc_easy", LATER)
        assert note.startswith(f"{tmp_path / f'samples_arc_easy_{DATE}.jsonl'}: ")


def test_a_file_without_a_date_is_a_task_of_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "samples_mine.jsonl").write_text("")
    [log], _ = logs_in(tmp_path)
    assert (log.task, log.date) == ("samples_mine", "")
