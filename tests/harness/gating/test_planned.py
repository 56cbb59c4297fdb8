"""`cascod gate --plan`: a plan is written, followed look by look, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sample_logs import row, write_log

from harness.cli import main

ITEMS = 400


def log(directory: Path, losses: int, items: int = ITEMS) -> Path:
    """A run that has the even items right, but for the first `losses` of them."""
    rows = [
        row(
            i,
            float(i % 2 == 0 and i >= 2 * losses),
            resps=[[f"{directory.name} {i}"]],
            doc={"passage": i // 10},
        )
        for i in range(items)
    ]
    write_log(directory, "arc", rows, model_args=f"pretrained={directory.name}")
    return directory


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return log(tmp_path / "base", losses=0)


@pytest.fixture
def plan(base: Path, tmp_path: Path) -> Path:
    file = tmp_path / "plan.json"
    arguments = ["--plan-new", str(file), "--margin", "0.05", "--looks", "4"]
    assert main(["gate", str(base), *arguments]) == 0
    return file


def test_a_plan_says_when_it_will_look(capsys: pytest.CaptureFixture[str], plan: Path) -> None:
    said = capsys.readouterr().out
    assert "margin 5.0 points, claim checkpoint" in said
    assert "look 1/4  at 100 items, level 8.9e-05" in said
    assert "look 4/4  at 400 items, level 0.043" in said
    assert f"written to {plan}" in said


@pytest.mark.parametrize(("losses", "status", "outcome"), [(0, 0, "PASS"), (160, 1, "FAIL")])
def test_a_clear_case_is_decided_at_an_early_look(
    base: Path,
    plan: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    losses: int,
    status: int,
    outcome: str,
) -> None:
    new = log(tmp_path / "new", losses)
    command = ["gate", str(base), str(new), "--plan", str(plan)]
    files = ["--junit", str(tmp_path / "x.xml"), "--md", str(tmp_path / "x.md")]
    assert main([*command, "--look", "2/4", *files]) == status
    said = capsys.readouterr().out
    assert "items      200 in 1 task" in said
    assert f"\n{outcome}\n- " in said
    assert "The plan ends here." in " ".join(said.split())
    (taken,) = json.loads(plan.read_text())["taken"]
    assert (taken["look"], taken["outcome"]) == (2, outcome)
    assert ElementTree.parse(tmp_path / "x.xml").getroot().get("tests") == "1"
    # The bounds stand in the line of figures above.
    assert re.search(
        r"\n- .* 5\.0 points( or more is ruled out)?\. The plan", (tmp_path / "x.md").read_text()
    )
    assert main([*command, "--look", "3/4"]) == 2
    assert f"the plan ended at look 2 with {outcome}" in capsys.readouterr().err


def test_an_open_look_says_what_comes_next_and_repeats_itself(
    base: Path, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = log(tmp_path / "new", 20)
    command = ["gate", str(base), str(new), "--plan", str(plan), "--look"]
    tables = []
    for _ in range(2):
        assert main([*command, "1/4"]) == 3
        tables.append(capsys.readouterr().out.split("\n\n", 1))
    assert tables[0][1] == tables[1][1]
    assert "go on to look 2, at 200 items" in " ".join(tables[0][1].split())
    assert "taken before and not counted again" in tables[1][0]
    assert len(json.loads(plan.read_text())["taken"]) == 1
    assert main([*command, "4/4"]) == 3
    assert "this was the last look" in " ".join(capsys.readouterr().out.split())


def test_a_pull_request_reads_which_look_it_is_and_what_remains(
    base: Path, plan: Path, tmp_path: Path
) -> None:
    new, file = log(tmp_path / "new", 20), tmp_path / "look.md"
    look = ["gate", str(base), str(new), "--plan", str(plan), "--md", str(file), "--look"]
    assert main([*look, "2/4"]) == 3
    head, figures, reason, *_ = filter(None, file.read_text().splitlines())
    assert head.startswith("### ❔ INCONCLUSIVE: ")
    assert head.endswith(", look 2 of 4")
    assert re.match(
        r"\*\*48\.0 → 43\.5 on all items: −4\.5 points\*\*, between −\d.* \(95% each way, over all "
        r"looks together\), where a loss of 5\.0 is accepted; 200 items",
        figures,
    )
    assert reason.endswith("go on to look 3, at 300 items.")
    folded = file.read_text().split("<details>")[1]
    table = [line.split(" | ") for line in folded.splitlines() if " items | " in line]
    assert [(cells[0], cells[1], cells[-1]) for cells in table] == [
        ("| 1", "100 items", "not taken |"),
        ("| 2", "200 items", "INCONCLUSIVE |"),
        ("| 3", "300 items", "to come |"),
        ("| 4", "400 items", "to come |"),
    ]
    assert main([*look, "4/4"]) == 3
    assert "this was the last look" in file.read_text()


def test_the_items_of_a_look_are_listed_for_lm_eval(
    base: Path, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["gate", str(base), "--plan", str(plan), "--look", "1/4"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(set(listed["arc"])) == 100
    rows = [row(i, float(i % 2 == 0), resps=[["new"]]) for i in listed["arc"]]
    write_log(tmp_path / "new", "arc", rows, model_args="new")
    command = ["gate", str(base), str(tmp_path / "new"), "--plan", str(plan), "--look"]
    assert main([*command, "1/4"]) in (0, 3)
    assert main([*command, "2/4"]) == 2


def test_a_plan_that_was_followed_is_not_overwritten(
    base: Path, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = log(tmp_path / "new", 10)
    main(["gate", str(base), str(new), "--plan", str(plan), "--look", "1/4"])
    before = plan.read_bytes()
    arguments = ["--plan-new", str(plan), "--margin", "0.05", "--looks", "3"]
    assert main(["gate", str(base), *arguments]) == 2
    assert "another candidate needs a file of its own" in capsys.readouterr().err
    assert plan.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "not a plan of a gate"),
        ("[]", "not a plan of a gate"),
        ('{"schema": "cascod-gate-plan/1"}', "not a plan of a gate"),
        ('{"schema": "cascod-gate-plan/2"}', "a plan of another version (cascod-gate-plan/2,"),
    ],
)
def test_any_other_file_is_refused(
    base: Path, plan: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    plan.write_text(content)
    assert main(["gate", str(base), str(base), "--plan", str(plan), "--look", "1/4"]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--plan", "PLAN"], "say which look"),
        (["--plan", "PLAN", "--look", "1/5"], "has 4 looks, not 5"),
        (["--plan", "PLAN", "--look", "1/4", "--margin", "0.1"], "--margin has no meaning"),
        (["--look", "1/4", "--margin", "0.1"], "--look has no meaning without --plan"),
        (["--plan", "PLAN", "--history", "H"], "two kinds of gate"),
        (["--plan-new", "P", "--margin", "0.1", "--looks", "4"], "before any candidate"),
        (["--plan", "nowhere", "--look", "1/4"], "nowhere: no such file"),
        (
            ["--plan-new", "P", "--margin", "0.1", "--looks", "4", "--md", "x"],
            "before any candidate",
        ),
    ],
)
def test_wrong_usage_exits_2_in_one_line(
    base: Path,
    plan: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    given = [str(plan) if word == "PLAN" else word for word in arguments]
    assert main(["gate", str(base), str(base), *given]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("look", ["2", "0/4", "x/4", "1/"])
def test_a_look_that_is_none_exits_2(base: Path, plan: Path, look: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["gate", str(base), str(base), "--plan", str(plan), f"--look={look}"])
    assert stop.value.code == 2


def test_an_open_gate_without_a_plan_warns_of_looking_again(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = log(tmp_path / "new", 20)
    assert main(["gate", str(base), str(new), "--margin", "0.05"]) == 3
    assert "To gate this one again with more is not the same test" in " ".join(
        capsys.readouterr().out.split()
    )


def test_clusters_of_the_plan_are_those_of_its_looks(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, new = tmp_path / "plan.json", log(tmp_path / "new", losses=2)
    by_passage = ["--cluster", "passage"]
    planned = ["--plan-new", str(file), "--margin", "0.05", "--looks", "4", *by_passage]
    assert main(["gate", str(base), *planned]) == 0
    look = ["gate", str(base), str(new), "--plan", str(file), "--look", "2/4"]
    capsys.readouterr()
    tables = []
    for more in ([], by_passage):
        assert main([*look, *more]) in (0, 1, 3)
        tables.append(capsys.readouterr().out.split("\n\n", 1)[1])
    assert tables[0] == tables[1]
    assert main([*look, "--cluster", "question"]) == 2
    said = capsys.readouterr().err
    assert "plan.json: was made with --cluster passage, which holds for all its looks" in said


def test_metric_and_filter_of_the_plan_are_those_of_its_looks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sides = [tmp_path / "base", tmp_path / "new"]
    for side in sides:
        rows = [
            row(i, float(i % 2), filter=name, metrics=["acc", "f1"], f1=(i % 5) / 5, resps=[[name]])
            for i in range(40)
            for name in ("strict", "loose")
        ]
        write_log(side, "arc", rows, model_args=side.name)
    plan = tmp_path / "plan.json"
    read = ["--metric", "f1", "--filter", "loose"]
    made = ["--plan-new", str(plan), "--margin", "0.1", "--looks", "2", *read]
    assert main(["gate", str(sides[0]), *made]) == 0
    look = ["gate", *map(str, sides), "--plan", str(plan), "--look", "2/2"]
    assert main(look) in (0, 3)
    assert "40.0 → 40.0" in capsys.readouterr().out
    for option, kept, other in (("metric", "f1", "acc"), ("filter", "loose", "strict")):
        assert main([*look, f"--{option}", other]) == 2
        said = capsys.readouterr().err
        assert f"plan.json: was made with --{option} {kept}," in said
        assert said.count("\n") == 1


def test_a_file_of_clusters_may_be_named_from_elsewhere_if_it_says_the_same(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, size in (("clusters.json", 10), ("others.json", 20)):
        (tmp_path / name).write_text(json.dumps({str(i): str(i // size) for i in range(ITEMS)}))
    made = ["--margin", "0.05", "--looks", "4", "--cluster", "clusters.json"]
    assert main(["gate", str(base), "--plan-new", "plan.json", *made]) == 0
    look = ["gate", str(base), str(log(tmp_path / "new", 2)), "--plan", "plan.json", "--look"]
    assert main([*look, "1/4", "--cluster", str(tmp_path / "clusters.json")]) in (0, 1, 3)
    assert main([*look, "1/4", "--cluster", "others.json"]) == 2
    assert "--cluster is not what the plan was made with" in capsys.readouterr().err


def test_a_plan_of_before_readings_were_kept_takes_them_at_every_look(
    base: Path, plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(plan.read_text())
    del content["reading"]
    plan.write_text(json.dumps(content))
    look = ["gate", str(base), str(log(tmp_path / "new", 2)), "--plan", str(plan), "--look", "1/4"]
    assert main([*look, "--metric", "acc"]) in (0, 1, 3)
    assert main([*look, "--cluster", "passage"]) == 2
    assert "--cluster is not what the plan was made with" in capsys.readouterr().err
