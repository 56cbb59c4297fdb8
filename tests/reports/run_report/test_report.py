"""A whole report, from a run directory to its four forms."""

from __future__ import annotations

import argparse
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from synthetic_run import SUITES, SyntheticSystem, sample, write_cell, write_report, write_run

from harness.commands import report as command
from reports.rendering.tables import Entry
from reports.run_report.build import build_report
from reports.run_report.context_tables import published_table
from reports.run_report.report_content import Report
from reports.run_report.write import write_files
from tasks.errors import UserError

CSV = (
    "source,student,method,benchmark,accuracy,sd,runs\n"
    "A paper,llama,cascod,embedded_ind,61.5,1.5,3\n"
    "A paper,llama,std_cot,embedded_ind,60.1,,\n"
)
HOSTILE = "<script>alert('x')</script> | `` ``` [bold]& $x$ </pre><img src=http://e.vil/x.png>"


class Loads(HTMLParser):
    """Collects the tags of a page and the addresses that a browser would load by itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [
            value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "data")
        ]


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def written(run_dir: Path) -> Path:
    return write_report(run_dir)


@pytest.fixture(scope="module")
def report(run_dir: Path) -> Report:
    return build_report(run_dir)


def test_all_forms_are_written(run_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.csv").write_text(CSV)
    directory = write_files(build_report(run_dir, tmp_path), tmp_path / "report")
    names = {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}
    drawn = ("accuracy", "averages", "comparisons", "costs", "tasks")
    charts = {f"figures/{name}.{kind}" for name in drawn for kind in ("svg", "pdf")}
    assert names == {"report.json", "report.md", "report.html", "tables.tex"} | charts
    for name in ("report.md", "report.html"):
        text = (directory / name).read_text()
        assert "cascod beats std\\_cot" in text or "cascod beats std_cot" in text
        assert "61.5" in text
        for words in ("Costs", "Provenance", "Items", "exploratory", "unparsed", "majority"):
            assert words in text


def test_published_figures_and_their_difference_stand_beside_ours(
    run_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "paper.csv").write_text(CSV)
    table = published_table(build_report(run_dir, tmp_path))
    assert table.columns[2:] == ("this run: tiny", "published: llama, A paper")
    by_method = {row[1].text: row for row in table.rows}
    assert by_method["cascod"][3] == Entry("61.5", "± 1.5 over 3 runs")
    assert by_method["cascod − std_cot"][3] == Entry("+1.4")
    ours = float(by_method["cascod"][2].text) - float(by_method["std_cot"][2].text)
    difference = by_method["cascod − std_cot"][2].text.replace("−", "-")
    assert float(difference) == pytest.approx(ours, abs=0.11)


def test_json_is_versioned_and_holds_no_nan(written: Path) -> None:
    text = (written / "report.json").read_text()

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in report.json")

    content = json.loads(text, parse_constant=refuse)
    assert content["schema"] == "cascod-report/1"
    documented = (Path(__file__).parents[3] / "docs" / "report-schema.md").read_text()

    def check(value: object) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                assert f"`{name}`" in documented, name
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    for free in ("experiment", "provenance", "evaluations"):
        content[free] = None
    check(content)


def test_rows_of_the_json_hold_the_figures_that_readers_know(written: Path) -> None:
    content = json.loads((written / "report.json").read_text())
    estimate = {"student", "method", "value", "lower", "upper"}
    as_written = {"as_written", "as_written_lower", "as_written_upper"}
    assert set(content["macros"][0]) == estimate | as_written | {"on", "suites"}
    assert set(content["accuracies"][0]) == estimate | as_written | {
        *("unparsed_as_written", "forced"),
        *("suite", "role", "task", "items", "per_seed", "unparsed", "rationale_truncated"),
        *("answer_truncated", "truncated", "majority"),
    }
    assert set(content["comparisons"][0]) == {
        *("student", "treatment", "baseline", "on", "primary", "kind", "margin", "claim"),
        *("identical", "value", "lower", "upper", "p", "p_adjusted", "standard_error", "df"),
        *("detectable", "seeds", "items", "clusters", "suites", "reading"),
        *("answers", "otherwise", "depends", "unfinished"),
    }


def test_the_verdict_speaks_of_methods_and_says_with_what_precision(report: Report) -> None:
    (verdict,) = report.verdicts
    assert verdict.claim == "cascod beats std_cot out-of-domain"
    assert verdict.outcome == "holds"
    assert "3 seeds a side, 160 items in 2 suites" in verdict.reasons[0]
    primary = [row for row in report.comparisons if row.primary]
    assert [(row.treatment, row.on, row.contrast.claim) for row in primary] == [
        ("cascod", "ood", "method")
    ]
    assert primary[0].contrast.lower > 0


def test_every_other_method_is_compared_with_the_baseline(report: Report) -> None:
    exploratory = {(row.treatment, row.on) for row in report.comparisons if not row.primary}
    for method in ("untrained", "weighted_std_cot"):
        assert {(method, on) for on in ("ind", "ood", "gap")} <= exploratory
    assert {("cascod", on) for on in ("ind", "gap", *SUITES)} <= exploratory


def test_averages_weigh_suites_alike_and_the_gap_is_their_difference(report: Report) -> None:
    suites = {row.suite: row.accuracy.value for row in report.accuracies if row.method == "cascod"}
    macro = {row.on: row.average.value for row in report.macros if row.method == "cascod"}
    ood = (suites["embedded_longer"] + suites["embedded_decued"]) / 2
    assert macro["ood"] == pytest.approx(ood)
    assert macro["gap"] == pytest.approx(suites["embedded_ind"] - ood)


def test_majority_rates_stand_beside_tasks(report: Report) -> None:
    assert {row.majority for row in report.tasks} == {26 / 40}
    not_above = {row.method: row.not_above for row in report.majority}
    assert len(not_above["untrained"]) == 2
    for row in report.tasks:
        assert row.accuracy.lower < row.accuracy.value < row.accuracy.upper


def test_costs_are_per_seed_and_relative_to_the_baseline(report: Report) -> None:
    costs = {row.method: row for row in report.costs}
    assert costs["untrained"].training_flops is None
    assert costs["cascod"].training_flops == 1e12
    assert costs["cascod"].relative_training_flops == pytest.approx(100 / 90)
    assert costs["std_cot"].generated_tokens_per_item == pytest.approx(4200 / 240)


def test_with_one_seed_a_method_claim_is_refused_in_words(tmp_path: Path) -> None:
    systems = [
        SyntheticSystem("std_cot", [0], {"ind": 0.5, "ood": 0.2}),
        SyntheticSystem("cascod", [0], {"ind": 0.5, "ood": 0.8}),
    ]
    (verdict,) = build_report(write_run(tmp_path, systems)).verdicts
    assert verdict.headline.startswith("Supported for these checkpoints:")
    assert any("a claim about the method is refused" in reason for reason in verdict.reasons)


def test_no_difference_is_not_sold_as_equality(tmp_path: Path) -> None:
    systems = [
        SyntheticSystem(method, [0, 1], {"ind": 0.5, "ood": 0.5})
        for method in ("std_cot", "cascod")
    ]
    (verdict,) = build_report(write_run(tmp_path, systems)).verdicts
    assert verdict.outcome == "not shown"
    assert any("no evidence of equality" in reason for reason in verdict.reasons)


def test_the_opposite_of_the_claim_is_said_to_contradict_it(tmp_path: Path) -> None:
    systems = [
        SyntheticSystem("std_cot", [0, 1, 2], {"ind": 0.5, "ood": 0.8}),
        SyntheticSystem("cascod", [0, 1, 2], {"ind": 0.5, "ood": 0.3}),
    ]
    (verdict,) = build_report(write_run(tmp_path, systems)).verdicts
    assert verdict.outcome == "contradicted"


def test_a_smaller_gap_is_what_a_gap_claim_claims(tmp_path: Path) -> None:
    primary = {"treatment": "cascod", "baseline": "std_cot", "contrast": "gap"}
    systems = [
        SyntheticSystem("std_cot", [0, 1, 2], {"ind": 0.8, "ood": 0.3}),
        SyntheticSystem("cascod", [0, 1, 2], {"ind": 0.8, "ood": 0.7}),
    ]
    (verdict,) = build_report(write_run(tmp_path, systems, primary=primary)).verdicts
    assert verdict.claim == "cascod has a smaller generalization gap than std_cot"
    assert verdict.outcome == "holds"


def test_identical_responses_are_reported_as_such(tmp_path: Path) -> None:
    for method in ("std_cot", "cascod"):
        samples = [
            sample(suite, "counting", i, correct=i % 2 == 0) for suite in SUITES for i in range(9)
        ]
        write_cell(tmp_path, SyntheticSystem(method, [0], {}), 0, samples)
    (tmp_path / "experiment.yaml").write_text(
        "primary: {treatment: cascod, baseline: std_cot, contrast: ood}"
    )
    directory = write_report(tmp_path)
    assert "same response to every item" in (directory / "report.md").read_text()


def test_a_method_not_evaluated_leaves_the_claim_untested(tmp_path: Path) -> None:
    systems = [SyntheticSystem("std_cot", [0, 1], {"ind": 0.5, "ood": 0.5})]
    (verdict,) = build_report(write_run(tmp_path, systems)).verdicts
    assert verdict.outcome == "not tested"


def test_without_a_primary_comparison_there_is_no_claim(tmp_path: Path) -> None:
    write_run(tmp_path, items_per_task=4)
    (tmp_path / "experiment.yaml").unlink()
    assert "it supports no claim" in (write_report(tmp_path) / "report.html").read_text()


def test_an_impossible_contrast_is_refused_with_what_there_is(tmp_path: Path) -> None:
    primary = {"treatment": "cascod", "baseline": "std_cot", "contrast": "odd"}
    run = write_run(tmp_path, items_per_task=2, primary=primary)
    with pytest.raises(
        UserError, match=r"primary\.contrast: Input should be 'ood', 'ind' or 'gap'"
    ):
        build_report(run)


@pytest.mark.parametrize("items", [1, 2])
@pytest.mark.parametrize("ability", [0.0, 1.0])
def test_tiny_and_extreme_runs_still_give_finite_figures(
    tmp_path: Path, items: int, ability: float
) -> None:
    level = {"ind": 4 * ability - 1, "ood": 4 * ability - 1}
    systems = [
        SyntheticSystem("std_cot", [0], level),
        SyntheticSystem("cascod", [0, 1], level),
    ]
    text = (
        write_report(write_run(tmp_path, systems, items_per_task=items)) / "report.json"
    ).read_text()
    content = json.loads(text)
    for row in content["accuracies"] + content["macros"]:
        assert row["upper"] - row["lower"] > 0.05
    assert "NaN" not in text


def test_stored_completions_of_one_suite_stand_beside_the_students(tmp_path: Path) -> None:
    teacher = SyntheticSystem(
        "stored", [None], {"ind": 0.9}, student="teacher", suites=["embedded_ind"], trained=False
    )
    students = [
        SyntheticSystem(method, [0, 1], {"ind": 0.5, "ood": 0.5})
        for method in ("std_cot", "cascod")
    ]
    report = build_report(write_run(tmp_path, [teacher, *students]))
    assert [row.suite for row in report.accuracies if row.student == "teacher"] == ["embedded_ind"]
    assert [verdict.student for verdict in report.verdicts] == ["tiny"]
    assert {browsed.student for browsed in report.items} == {"tiny"}


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    hostile = SyntheticSystem("cascod", [0, 1], {"ind": 0.5, "ood": 0.9})
    other = SyntheticSystem("std_cot", [0, 1], {"ind": 0.5, "ood": 0.5})
    run = write_run(tmp_path, [other, hostile], items_per_task=6, rationale=HOSTILE)
    experiment = run / "experiment.yaml"
    experiment.write_text(experiment.read_text().replace("synthetic", json.dumps(HOSTILE)))
    directory = write_report(run)
    page = (directory / "report.html").read_text()
    assert "&lt;script&gt;" in page
    assert not Loads(page).tags & {"img", "iframe", "link", "object"}
    # The page's own: the items as data, and the program that lists them.
    assert page.count("<script") == page.count("</script") == 2
    data = page.split('id="item-data">')[1].split("</script>")[0]
    assert HOSTILE in json.loads(data)[0]["items"][0]["answers"][0]["rationale"]
    markdown = re.sub(
        r"^(`{3,})text\n.*?^\1$", "", (directory / "report.md").read_text(), flags=re.S | re.M
    )
    assert "<script" not in markdown
    assert "<img" not in markdown


def test_the_page_loads_nothing_from_elsewhere(written: Path) -> None:
    page = (written / "report.html").read_text()
    assert all(address.startswith("#") for address in Loads(page).addresses)
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_charts_follow_the_text_colour(written: Path) -> None:
    charts = list((written / "figures").glob("*.svg"))
    assert len(charts) == 5
    for chart in charts:
        text = chart.read_text()
        assert "currentColor" in text
        assert "<text" in text


def test_the_command_rebuilds_and_prints(run_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args([str(run_dir)])) == 0
    printed = capsys.readouterr().out
    assert "Supported: cascod beats std_cot out-of-domain." in printed
    assert "report.html" in printed


def test_a_report_written_again_is_the_same(run_dir: Path, written: Path) -> None:
    def files() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in sorted(written.rglob("*")) if p.is_file()}

    before = files()
    write_report(run_dir)
    assert files() == before


def test_thousands_of_items_are_read_in_seconds(tmp_path: Path) -> None:
    import time

    systems = [SyntheticSystem("std_cot", [0, 1], {"ind": 0.5, "ood": 0.5})]
    run = write_run(tmp_path, systems, items_per_task=1000, rng=np.random.default_rng(0))
    start = time.perf_counter()
    build_report(run)
    assert time.perf_counter() - start < 10
