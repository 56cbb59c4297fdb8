"""A difference over two keys and the students as a surface, from synthetic runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from synthetic_run import SyntheticSystem, write_run

from harness.cli import main
from reports.grid_report.build import build_grid_report
from reports.grid_report.grid_content import GridReport
from reports.grid_report.surface import Corner, in_a_sentence, surface
from reports.statistics.contrast import Contrast
from reports.statistics.multiplicity import holm
from reports.statistics.readable import ReadSplit
from tasks.errors import UserError

INNER, OUTER = "train_limit", "data.noise"
RECORDS, NOISES = (300, 5000), (0.0, 0.3)
STUDENTS = ("nano", "small")
Gain = Callable[[str, float, int], float]


def helps_the_small_under_noise(student: str, noise: float, records: int) -> float:
    """How much CasCoD's ability exceeds Std-CoT's, out of domain."""
    return 0.3 if (student, noise, records) == ("small", 0.3, 300) else 0.0


def write_grid(root: Path, gain: Gain, primary: bool = True) -> Path:
    folders = []
    for noise in NOISES:
        sweep = root / f"{OUTER}={noise}"
        folders.append(sweep.name)
        runs = []
        for records in RECORDS:
            run = sweep / f"{INNER}={records}"
            runs.append(run.name)
            systems = [
                SyntheticSystem(
                    method,
                    (1, 2, 3),
                    {"ind": 0.8, "ood": 0.5 + by},
                    student=student,
                )
                for student in STUDENTS
                for method, by in (("std_cot", 0.0), ("cascod", gain(student, noise, records)))
            ]
            rng = np.random.default_rng(int(10 * noise) + records)
            write_run(run, systems, items_per_task=60, rng=rng)
            experiment = yaml.safe_load((run / "experiment.yaml").read_text())
            experiment[INNER] = records
            (run / "experiment.yaml").write_text(yaml.safe_dump(experiment))
        common = {"name": "where", "methods": [{"name": m} for m in ("std_cot", "cascod")]}
        if primary:
            common["primary"] = {
                "treatment": "cascod",
                "baseline": "std_cot",
                "contrast": "ood",
            }
        content = {"key": INNER, "runs": runs, "experiment": common}
        (sweep / "sweep.yaml").write_text(yaml.safe_dump(content))
    (root / "grid.yaml").write_text(yaml.safe_dump({"key": OUTER, "sweeps": folders}))
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_grid(tmp_path_factory.mktemp("grid"), helps_the_small_under_noise)


@pytest.fixture(scope="module")
def report(root: Path) -> GridReport:
    return build_grid_report(root)


def test_the_planned_surface_comes_first_with_a_corner_a_student_and_place(
    report: GridReport,
) -> None:
    planned = report.surfaces[0]
    assert planned.on == "ood"
    places = {(c.student, c.outer, c.inner) for c in planned.corners}
    assert places == {(s, str(n), str(r)) for s in STUDENTS for n in NOISES for r in RECORDS}
    assert len(planned.corners) == len(places)
    assert {corner.seeds for corner in planned.corners} == {3}
    assert all(0.3 < corner.baseline < 0.7 for corner in planned.corners)


def test_every_corner_s_p_value_is_adjusted_for_all_corners(report: GridReport) -> None:
    for each in report.surfaces:
        adjusted = holm([corner.contrast.p for corner in each.corners])
        assert [corner.p_adjusted for corner in each.corners] == adjusted


def test_the_sentence_names_the_corner_at_which_it_helps(report: GridReport) -> None:
    said = report.findings[0]
    assert "points over 8 corners" in said
    assert "cascod helps at 1: small, 0.3, 300 (+" in said
    assert "hurts nowhere." in said


def contrast(value: float, p: float) -> Contrast:
    ends = (value - 0.05, value + 0.05)
    return Contrast(value, *ends, p, 0.02, 9.0, 0.07, "method", False, 96, 96)


def corner(value: float, p: float, unread: float = 0.0) -> Corner:
    """The baseline leaves so many answers unread, and so much of the difference lies there."""
    reading = ReadSplit(value - unread, unread, 0.0, unread)
    return Corner("tiny", "0", "300", 3, 0.5, contrast(value, p), reading)


def test_what_one_corner_would_show_alone_may_not_remain_among_many() -> None:
    alone = surface("ood", [corner(-0.06, 0.02)])
    among = surface("ood", [corner(-0.06, 0.02), corner(0.01, 0.6), corner(0.03, 0.2)])
    assert "hurts at 1: tiny, 0, 300 (−6.0)" in in_a_sentence(alone, "cascod", "std_cot")
    said = in_a_sentence(among, "cascod", "std_cot")
    assert "−6.0 to +3.0 points over 3 corners" in said
    assert "helps nowhere and hurts nowhere." in said
    assert "no evidence of equality: looked at alone, the median corner" in said
    assert "7.0 points with 80% probability" in said


def test_a_corner_that_is_won_by_giving_an_answer_at_all_says_so() -> None:
    said = in_a_sentence(surface("ood", [corner(0.3, 0.001, unread=0.28)]), "cascod", "std_cot")
    assert "helps at 1: tiny, 0, 300 (+30.0, mostly by answers that can be read)" in said


def test_a_corner_whose_variance_is_unknown_says_nothing_of_power() -> None:
    blind = replace(corner(0.0, 1.0), contrast=replace(contrast(0.0, 1.0), detectable=None))
    assert in_a_sentence(surface("ind", [blind]), "a", "b").endswith("hurts nowhere.")


def test_the_command_writes_the_same_files_each_time(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(root)]) == 0
    assert "small, 0.3, 300" in " ".join(capsys.readouterr().out.split())
    folder = root / "report"
    names = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    charts = {f"figures/surface.{end}" for end in ("svg", "pdf")}
    assert names == {"grid.json", "grid.md", "grid.html", *charts}
    content = json.loads((folder / "grid.json").read_text())
    assert content["schema"] == "cascod-grid/1"
    assert len(content["surfaces"][0]["corners"]) == 8
    page = (folder / "grid.html").read_text()
    assert 'href="../data.noise%3D0.3/report/sweep.html"' in page
    table = (folder / "grid.md").read_text()
    assert "| data.noise | student | 300 | 5000 |" in table
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    assert main(["report", str(root)]) == 0
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


def test_a_sweep_that_is_not_there_yet_is_left_out(tmp_path: Path) -> None:
    root = write_grid(tmp_path, lambda *_: 0.0)
    (root / "data.noise=0.3" / "sweep.yaml").unlink()
    report = build_grid_report(root)
    assert report.outer == ("0.0",)
    assert any("left out" in note and "data.noise=0.3" in note for note in report.notes)
    (root / "data.noise=0.0" / "sweep.yaml").unlink()
    with pytest.raises(UserError, match="no sweep of this grid can be reported"):
        build_grid_report(root)


def test_without_a_primary_comparison_there_is_no_surface(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no primary comparison"):
        build_grid_report(write_grid(tmp_path, lambda *_: 0.0, primary=False))


@pytest.mark.parametrize(
    ("content", "message"),
    [("sweeps: [a]", "key is needed"), ("key: a\nsweeps: []", "folder of every value")],
)
def test_a_broken_grid_file_is_named(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text(content)
    with pytest.raises(UserError, match=message):
        build_grid_report(tmp_path)
