"""The report of a sweep on synthetic runs whose dose-response is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import yaml
from synthetic_run import SyntheticSystem, write_run

from harness.cli import main
from reports.sweep_report.build import build_sweep_report, write_sweep_report
from reports.sweep_report.sweep_content import SweepReport
from tasks.errors import UserError

IND, LONGER, DECUED = "embedded_ind", "embedded_longer", "embedded_decued"
VALUES = (0.0, 0.5, 0.8, 1.0)
PRIMARY = {"treatment": "cascod", "baseline": "std_cot", "contrast": "ood"}
Ability = Callable[[str, float], float]


def falling(method: str, rho: float) -> float:
    """Out of domain Std-CoT loses 40 points on the way from 0 to 1, CasCoD 10."""
    return 0.75 - (0.4 if method == "std_cot" else 0.1) * rho


def flat(method: str, rho: float) -> float:
    return 0.55


def write_sweep(
    root: Path,
    ability: Ability,
    values: Sequence[float | str] = VALUES,
    *,
    key: str = "data.rho",
    seeds: Sequence[int] = (1, 2, 3),
    student: str = "tiny",
    primary: dict[str, str] | None = PRIMARY,
    items: int = 60,
    cut: Ability = lambda method, rho: 0.0,
) -> Path:
    for number, value in enumerate(values):
        dose = value if isinstance(value, float) else 0.0
        systems = [
            SyntheticSystem(
                method,
                seeds,
                {"ind": 0.8, "ood": ability(method, dose)},
                student=student,
                cut=cut(method, dose),
            )
            for method in ("std_cot", "cascod")
        ]
        # The items are the same at every value; checkpoints and answers are not.
        run = write_run(
            root / f"{key}={value}",
            systems,
            items_per_task=items,
            primary=primary,
            rng=np.random.default_rng(number),
        )
        change_file(run / "experiment.yaml", key, value)
        for cell in run.glob("cells/*/*/*/eval"):
            info = json.loads((cell / "run.json").read_text())
            info["checkpoint_fingerprint"] += f" at {value}"
            (cell / "run.json").write_text(json.dumps(info))
            for file in cell.glob(f"samples_cascod_{IND}_*.jsonl"):
                # In-domain questions carry the cue, so they differ from value to value.
                file.write_text(file.read_text().replace('"hash of', f'"hash at {value} of'))
    content = {
        "key": key,
        "runs": [f"{key}={value}" for value in values],
        "experiment": {"name": "synthetic", "primary": primary},
    }
    (root / "sweep.yaml").write_text(yaml.safe_dump(content))
    return root


def change_file(file: Path, key: str, value: float | str) -> None:
    content = yaml.safe_load(file.read_text())
    inner = content
    *parents, last = key.split(".")
    for parent in parents:
        inner = inner.setdefault(parent, {})
    inner[last] = value
    content["seeds"] = [1, 2, 3]
    file.write_text(yaml.safe_dump(content))


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return write_sweep(tmp_path_factory.mktemp("sweep"), falling)


@pytest.fixture(scope="module")
def report(root) -> SweepReport:
    return build_sweep_report(root)


def differences(report: SweepReport, on: str) -> list[float]:
    return [row.contrast.value for row in report.differences if row.on == on]


def change(report: SweepReport, on: str, method: str | None = None, along: str = "change"):
    return next(r for r in report.changes if (r.on, r.method, r.along) == (on, method, along))


def test_each_value_has_every_method_on_every_suite_and_average(report):
    assert [value.x for value in report.values] == list(VALUES)
    assert {row.on for row in report.accuracies} == {IND, LONGER, DECUED, "ood"}
    assert len(report.accuracies) == 4 * 2 * len(VALUES)
    for row in report.accuracies:
        if row.on == "ood":
            truth = falling(row.method, dict(zip(map(str, VALUES), VALUES, strict=True))[row.at])
            found = row.accuracy
            assert found.value == pytest.approx(truth, abs=0.08)
            assert found.lower < found.value < found.upper


def test_the_change_is_the_last_difference_minus_the_first(report):
    for on in (DECUED, LONGER, "ood"):
        first, *_, last = differences(report, on)
        assert change(report, on).contrast.value == pytest.approx(last - first)
    found = change(report, "ood")
    assert found.contrast.lower < 0.3 < found.contrast.upper
    assert found.contrast.lower > 0
    assert found.contrast.claim == "method"
    assert found.contrast.p <= found.p_adjusted < 0.05
    assert found.contrast.items == 240


def test_the_trend_is_the_least_squares_slope_over_the_whole_range(report):
    for on in (DECUED, "ood"):
        slope = np.polyfit(VALUES, differences(report, on), 1)[0]
        assert change(report, on, along="trend").contrast.value == pytest.approx(slope * 1.0)


def test_each_methods_own_change_is_there_too(report):
    assert change(report, "ood", "std_cot").contrast.upper < 0
    own = {m: change(report, "ood", m).contrast.value for m in ("std_cot", "cascod")}
    assert change(report, "ood").contrast.value == pytest.approx(own["cascod"] - own["std_cot"])
    # Of two differences on paired items, the difference is no better known than either is.
    assert (
        change(report, "ood").contrast.standard_error
        > change(report, "ood", "cascod").contrast.standard_error
    )


def test_where_questions_differ_between_values_no_change_is_computed(report):
    assert {row.on for row in report.changes} == {LONGER, DECUED, "ood"}
    assert [row.suite for row in report.suites if not row.shared] == [IND]
    assert any(f"Not the same questions at every value: {IND}" in note for note in report.notes)
    assert len(differences(report, IND)) == len(VALUES)


def test_the_findings_say_what_changes_and_what_does_not(report, tmp_path):
    first = report.findings[0]
    assert first.startswith("cascod − std_cot on OOD average: ")
    assert "at data.rho = 0.0" in first
    assert "it grows by" in first
    same = build_sweep_report(write_sweep(tmp_path, flat, items=20))
    assert "no change shown" in same.findings[0]
    assert "no evidence of its absence" in same.findings[0]
    assert change(same, "ood").contrast.lower < 0 < change(same, "ood").contrast.upper


def test_one_seed_speaks_of_checkpoints_only(tmp_path):
    report = build_sweep_report(write_sweep(tmp_path, falling, (0.0, 1.0), seeds=(1,), items=20))
    assert {row.contrast.claim for row in report.changes} == {"checkpoint"}
    assert {row.along for row in report.changes} == {"change"}
    assert "these checkpoints only" in report.findings[0]


def test_numbers_are_put_in_order_and_words_are_not(tmp_path):
    numbers = build_sweep_report(write_sweep(tmp_path / "n", flat, (0.5, 0.0, 1.0), items=8))
    assert [value.x for value in numbers.values] == [0.0, 0.5, 1.0]
    words = build_sweep_report(
        write_sweep(tmp_path / "w", flat, ("linear", "cosine", "flat"), key="how", items=8)
    )
    assert words.scale == "words"
    assert [(value.label, value.x) for value in words.values][:2] == [("linear", 0), ("cosine", 1)]
    assert {row.along for row in words.changes} == {"change"}


def test_a_wide_range_is_taken_by_its_logarithm(tmp_path):
    root = write_sweep(tmp_path, falling, (0.001, 0.01, 1.0), key="rate", items=20)
    report = build_sweep_report(root)
    assert report.scale == "log"
    slope = np.polyfit([-3, -2, 0], differences(report, "ood"), 1)[0]
    assert change(report, "ood", along="trend").contrast.value == pytest.approx(3 * slope)
    assert "logarithm" in (write_sweep_report(report, tmp_path / "report") / "sweep.md").read_text()


def test_the_files_hold_the_figures_and_are_the_same_each_time(root, report, capsys):
    folder = write_sweep_report(report, root / "report")
    names = {str(path.relative_to(folder)) for path in folder.rglob("*.*")}
    charts = {f"figures/{n}.{end}" for n in ("accuracy", "difference") for end in ("svg", "pdf")}
    assert names == {"sweep.json", "sweep.md", "sweep.html", *charts}
    content = json.loads((folder / "sweep.json").read_text())
    assert content["schema"] == "cascod-sweep/1"
    assert len(content["changes"]) == len(report.changes)
    page = (folder / "sweep.html").read_text()
    # Each chart for wide and for narrow pages.
    assert page.count("<svg") == 2 * 2
    assert 'href="../data.rho%3D0.5/report/report.html"' in page
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    assert main(["report", str(root)]) == 0
    assert "cascod − std_cot on OOD average" in " ".join(capsys.readouterr().out.split())
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before


def test_panels_start_with_the_suite_without_cues(root, report):
    svg = (write_sweep_report(report, root / "report") / "figures/accuracy.svg").read_text()
    order = [svg.index(f">{suite}<") for suite in (DECUED, LONGER, IND)]
    assert order == sorted(order)


def test_two_students_have_figures_of_their_own(tmp_path):
    root = write_sweep(tmp_path, flat, (0.0, 1.0), items=8)
    write_sweep(tmp_path, falling, (0.0, 1.0), items=8, student="small")
    report = build_sweep_report(root)
    folder = write_sweep_report(report, tmp_path / "report")
    assert (folder / "figures/accuracy-small.svg").exists()
    assert {row.student for row in report.changes} == {"tiny", "small"}
    assert report.findings[0].startswith(("tiny: ", "small: "))


def test_without_a_plan_there_are_curves_alone(tmp_path):
    report = build_sweep_report(write_sweep(tmp_path, falling, (0.0, 1.0), primary=None, items=8))
    # The runs themselves name no pair either.
    assert report.differences == ()
    assert {row.method for row in report.changes} == {"std_cot", "cascod"}
    folder = write_sweep_report(report, tmp_path / "report")
    assert "no primary comparison" in (folder / "sweep.html").read_text()
    assert not (folder / "figures/difference.svg").exists()


def test_a_value_that_is_not_evaluated_yet_is_left_out(tmp_path):
    root = write_sweep(tmp_path, flat, (0.0, 0.5, 1.0), items=8)
    for file in root.glob("data.rho=1.0/cells/*/*/*/eval/run.json"):
        file.unlink()
    report = build_sweep_report(root)
    assert [value.label for value in report.values] == ["0.0", "0.5"]
    assert "data.rho=1.0 has no evaluation yet and is left out" in report.notes
    for file in root.glob("data.rho=0.5/cells/*/*/*/eval/run.json"):
        file.unlink()
    with pytest.raises(UserError, match="1 of 3 values are evaluated"):
        build_sweep_report(root)


def test_checkpoints_that_values_share_are_told(tmp_path):
    root = write_sweep(tmp_path, flat, (0.0, 1.0), items=8)
    for file in root.glob("data.rho=*/cells/*/*/*/eval/run.json"):
        info = json.loads(file.read_text())
        info["checkpoint_fingerprint"] = info["checkpoint_fingerprint"].partition(" at ")[0]
        file.write_text(json.dumps(info))
    assert any("same checkpoints" in note for note in build_sweep_report(root).notes)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("runs: [a]\nexperiment: {}", "key and experiment"),
        ("key: a\nruns: []\nexperiment: {}", "folder of every value"),
        ("key: [", "not valid YAML"),
    ],
)
def test_a_broken_sweep_file_is_named(content, message, tmp_path):
    (tmp_path / "sweep.yaml").write_text(content)
    with pytest.raises(UserError, match=message):
        build_sweep_report(tmp_path)


def cut_along(method: str, rho: float) -> float:
    """Std-CoT's responses grow too long for their limit."""
    return 0.5 * rho if method == "std_cot" else 0.0


@pytest.mark.parametrize("answers", ["forced", "as_written"])
def test_a_change_that_unfinished_answers_make_is_told_as_such(
    tmp_path: Path, answers: str
) -> None:
    primary = {**PRIMARY, "answers": answers}
    report = build_sweep_report(write_sweep(tmp_path, flat, primary=primary, cut=cut_along))
    assert report.answers == answers
    found = change(report, "ood")
    assert found.otherwise is not None
    shown = {True: found.contrast, False: found.otherwise.contrast}[answers == "as_written"]
    other = {True: found.contrast, False: found.otherwise.contrast}[answers == "forced"]
    assert other.lower < 0 < other.upper
    assert 0 < shown.lower < 0.275 < shown.upper
    assert all("how it changes depends on unfinished answers" in each for each in report.findings)
    words = {"forced": "with forced answers", "as_written": "as written"}[answers]
    assert any(f"All figures here are {words}" in note for note in report.notes)


def test_a_sweep_without_forced_answers_says_nothing_of_them(report: SweepReport) -> None:
    assert all(row.otherwise is None for row in report.changes)
    assert not any("forced" in said for said in (*report.findings, *report.notes))
