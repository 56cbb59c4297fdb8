"""The plan before the data: registered once, compared with what is claimed later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from synthetic_run import write_report, write_run

from reports.logs.evidence import Evidence
from reports.logs.plan import register, registration
from reports.logs.run_files import PLAN_FILE
from reports.run_report.build import build_report
from reports.run_report.report_content import Report
from reports.statistics.multiplicity import benjamini_hochberg, holm
from tasks.errors import UserError
from tasks.files import write_json

OOD = {"treatment": "cascod", "baseline": "std_cot", "contrast": "ood"}
IND = {"treatment": "cascod", "baseline": "std_cot", "contrast": "ind"}
WEIGHTED = {"treatment": "weighted_std_cot", "baseline": "std_cot", "contrast": "ood"}
EXPERIMENT: dict[str, Any] = {"primary": OOD, "seeds": [1, 2], "suites": [{"name": "a"}]}


def test_a_plan_that_is_kept_is_kept_whatever_else_changes(tmp_path: Path) -> None:
    register(tmp_path, EXPERIMENT)
    found = registration(tmp_path, {**EXPERIMENT, "jobs": 4, "description": "words"})
    assert (found.standing, found.changes) == ("kept", ())
    assert found.fingerprint


def test_a_plan_is_registered_once(tmp_path: Path) -> None:
    register(tmp_path, EXPERIMENT)
    first = (tmp_path / "plan.json").read_text()
    register(tmp_path, {**EXPERIMENT, "primary": IND})
    assert (tmp_path / "plan.json").read_text() == first


@pytest.mark.parametrize(
    ("key", "value"), [("primary", IND), ("family", [WEIGHTED]), ("seeds", [1, 3])]
)
def test_a_later_change_is_named(tmp_path: Path, key: str, value: Any) -> None:
    register(tmp_path, EXPERIMENT)
    found = registration(tmp_path, {**EXPERIMENT, key: value})
    assert found.standing == "changed"
    assert found.changes[0].startswith(f"{key} was ")


def test_what_is_added_changes_no_plan(tmp_path: Path) -> None:
    register(tmp_path, EXPERIMENT)
    more = {"seeds": [2, 1, 3], "suites": [{"name": "b"}, {"name": "a"}]}
    found = registration(tmp_path, {**EXPERIMENT, **more})
    assert (found.standing, found.changes) == ("kept", ())
    assert (found.added.seeds, found.added.suites, found.added.methods) == ((3,), ("b",), ())


def test_an_edited_plan_file_is_noticed(tmp_path: Path) -> None:
    register(tmp_path, EXPERIMENT)
    path = tmp_path / "plan.json"
    content = json.loads(path.read_text())
    content["plan"]["primary"] = IND
    path.write_text(json.dumps(content))
    found = registration(tmp_path, {**EXPERIMENT, "primary": IND})
    assert found.changes == ("plan.json itself was edited",)


def test_a_plan_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    write_json(tmp_path / PLAN_FILE, {"plan": 1.5})
    with pytest.raises(UserError, match="plan: expected a mapping"):
        registration(tmp_path, {})


def report_of(run: Path, **changes: Any) -> Report:
    experiment = yaml.safe_load((run / "experiment.yaml").read_text())
    (run / "experiment.yaml").write_text(yaml.safe_dump({**experiment, **changes}))
    return build_report(run)


def kinds(report: Report) -> dict[tuple[str, str], str]:
    return {(row.treatment, row.on): row.kind for row in report.comparisons}


def test_planned_comparisons_are_confirmatory_and_all_others_exploratory(tmp_path: Path) -> None:
    report = build_report(write_run(tmp_path, family=[WEIGHTED]))
    confirmatory = [row for row in report.comparisons if row.kind == "confirmatory"]
    assert [(row.treatment, row.on) for row in confirmatory] == [
        ("cascod", "ood"),
        ("weighted_std_cot", "ood"),
    ]
    assert [row.p_adjusted for row in confirmatory] == holm(
        [row.contrast.p for row in confirmatory]
    )
    others = [row for row in report.comparisons if row.kind == "exploratory"]
    assert [row.p_adjusted for row in others] == benjamini_hochberg(
        [row.contrast.p for row in others]
    )


def test_a_plan_changed_afterwards_confirms_nothing_and_the_report_says_so(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    report = report_of(run, primary=IND)
    assert set(kinds(report).values()) == {"exploratory"}
    assert "as an exploratory result" in report.verdicts[0].headline
    assert any("the plan was changed after training started" in note for note in report.notes)
    assert "primary was" in (write_report(run) / "report.html").read_text()


def test_a_run_without_a_registered_plan_is_exploratory(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    (run / "plan.json").unlink()
    report = build_report(run)
    assert set(kinds(report).values()) == {"exploratory"}
    assert any("no plan was registered" in note for note in report.notes)


def edit_cells(run: Path, pattern: str, **facts: Any) -> None:
    """Let cells say other things of what they rest on."""
    for path in run.glob(f"cells/tiny/{pattern}/eval/run.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | facts))


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"data_fingerprint": "other"}, "the training data differ in tiny / cascod seed 2"),
        (
            {"suite_fingerprints": {"embedded_longer": "other"}},
            "the items of suite embedded_longer differ in tiny / cascod seed 2",
        ),
        (
            {"student_fingerprint": "other"},
            "the weights of student tiny differ in tiny / cascod seed 2",
        ),
    ],
)
@pytest.mark.parametrize("registered", [True, False], ids=["registered", "an old plan"])
def test_cells_of_other_data_confirm_nothing_and_the_headline_says_so(
    tmp_path: Path, facts: dict[str, Any], what: str, registered: bool
) -> None:
    run = write_run(tmp_path)
    same = Evidence("d0", {"embedded_longer": "i0"}, {"tiny": "w0"})
    edit_cells(run, "*/*", suite_fingerprints=same.suites, student_fingerprint="w0")
    if registered:
        experiment = yaml.safe_load((run / "experiment.yaml").read_text())
        (run / "plan.json").unlink()
        register(run, experiment, same)
    assert "exploratory" not in build_report(run).verdicts[0].headline

    edit_cells(run, "cascod/seed2", **facts)
    report = build_report(run)
    assert set(kinds(report).values()) == {"exploratory"}
    assert "as an exploratory result" in report.verdicts[0].headline
    assert any(note.startswith(what) for note in report.notes)


def test_all_cells_of_other_data_than_was_registered_confirm_nothing(tmp_path: Path) -> None:
    run = write_run(tmp_path)
    experiment = yaml.safe_load((run / "experiment.yaml").read_text())
    (run / "plan.json").unlink()
    register(run, experiment, Evidence("another", {}, {}))
    assert "as an exploratory result" in build_report(run).verdicts[0].headline


def test_added_seeds_and_suites_are_exploratory_and_the_plan_is_judged_without_them(
    tmp_path: Path,
) -> None:
    run = write_run(tmp_path)
    path = run / "experiment.yaml"
    experiment = yaml.safe_load(path.read_text()) | {"seeds": [0, 1, 2]}
    before = [suite for suite in experiment["suites"] if suite["name"] != "embedded_decued"]
    (run / "plan.json").unlink()
    register(run, experiment | {"seeds": [0, 1], "suites": before})
    path.write_text(yaml.safe_dump(experiment))

    report = build_report(run)
    planned, later = (
        row for row in report.comparisons if (row.treatment, row.on) == ("cascod", "ood")
    )
    assert (planned.kind, planned.seeds, planned.suites) == (
        "confirmatory",
        (2, 2),
        ("embedded_longer",),
    )
    assert (later.kind, later.seeds, later.primary) == ("exploratory", (3, 3), False)
    assert later.suites == ("embedded_longer", "embedded_decued")
    assert "exploratory" not in report.verdicts[0].headline
    assert any(note.startswith("seeds 2 came after the plan") for note in report.notes)
    assert any(note.startswith("suites embedded_decued came after") for note in report.notes)


def test_a_claim_by_a_margin_needs_the_whole_interval_above_it(tmp_path: Path) -> None:
    outcomes = {}
    for margin in (0.01, 0.5):
        run = write_run(tmp_path / str(margin), primary={**OOD, "margin": margin})
        (verdict,) = build_report(run).verdicts
        outcomes[margin] = (verdict.outcome, verdict.claim)
    assert outcomes[0.01][0] == "holds"
    assert outcomes[0.5] == (
        "not shown",
        "cascod beats std_cot out-of-domain by more than 50.0 points",
    )


def test_which_answers_count_is_part_of_the_plan(tmp_path: Path) -> None:
    as_written = {**OOD, "answers": "as_written"}
    register(tmp_path, {**EXPERIMENT, "primary": as_written})
    kept = json.loads((tmp_path / "plan.json").read_text())["plan"]["primary"]
    assert kept["answers"] == "as_written"
    assert registration(tmp_path, {**EXPERIMENT, "primary": as_written}).standing == "kept"
    changed = registration(tmp_path, {**EXPERIMENT, "primary": {**OOD, "answers": "forced"}})
    assert changed.standing == "changed"
    assert changed.changes[0].startswith("primary was ")


def test_a_plan_of_before_is_one_of_forced_answers(tmp_path: Path) -> None:
    register(tmp_path, {**EXPERIMENT, "family": [IND]})
    now = {
        **EXPERIMENT,
        "primary": {**OOD, "answers": "forced"},
        "family": [{**IND, "answers": "forced"}],
    }
    assert registration(tmp_path, now).changes == ()
    assert registration(tmp_path, {**now, "primary": {**OOD, "answers": "as_written"}}).changes


def test_other_ways_to_count_answers_are_refused(tmp_path: Path) -> None:
    run = write_run(tmp_path, items_per_task=2, primary={**OOD, "answers": "both"})
    with pytest.raises(
        UserError, match=r"primary\.answers: Input should be 'forced' or 'as_written'"
    ):
        build_report(run)


def test_a_broken_family_is_refused_with_its_place(tmp_path: Path) -> None:
    run = write_run(tmp_path, items_per_task=2, family=[{"treatment": "cascod"}])
    with pytest.raises(UserError, match=r"family\.0\.baseline: Field required"):
        build_report(run)
