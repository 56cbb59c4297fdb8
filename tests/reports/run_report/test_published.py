"""Published figures from CSV files."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.run_report.published import COLUMNS, matching, read_published
from tasks.errors import UserError

HEADER = ",".join(COLUMNS) + "\n"


def test_percent_become_fractions_and_benchmarks_suites(tmp_path: Path) -> None:
    (tmp_path / "paper.csv").write_text(
        "\ufeff"
        + HEADER
        + "P Table 1,llama,cascod,bbh_test,45.6,1.2,3\nP Table 1,llama,edit,arc_easy,70,,\n"
    )
    first, second = read_published(tmp_path)
    assert (first.suite, first.value, first.sd, first.runs) == ("bbh", 0.456, 0.012, 3)
    assert (second.suite, second.sd, second.runs) == ("arc_easy", None, None)
    assert matching([first, second], ["bbh", "arc_easy"], ["cascod"]) == (first,)
    assert matching([first, second], ["cascod_bbh"], ["cascod"]) == (first,)
    assert matching([first, second], ["longer"], ["cascod", "edit"]) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("source,student\n", "no column 'method'"),
        (HEADER + "P,s,m,b,many,,\n", "row 2 is not a published figure"),
        (HEADER + "P,s,m,b,145,,\n", "'145' is no percentage"),
        (HEADER + "P,s,m,b,nan,,\n", "'nan' is no percentage"),
        (HEADER + "P,s,m,b,45,1,0\n", "'0' counts nothing"),
        (HEADER + "P,s,m,b\n", "row 2 is not a published figure"),
        (HEADER + "P,s,m\n", "row 2 is not a published figure"),
        (HEADER + f"P,s,m,{'b' * 200_000},45,,\n", "row 2 is not a published figure"),
    ],
)
def test_faulty_files_are_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "paper.csv").write_text(text)
    with pytest.raises(UserError, match=message):
        read_published(tmp_path)


def test_a_folder_without_figures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no CSV files"):
        read_published(tmp_path)
    with pytest.raises(UserError, match="no such directory"):
        read_published(tmp_path / "nowhere")
