"""`cascod gate --history` and `cascod history`: night after night, as a job meets them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from sample_logs import row, write_log

from harness.cli import main
from reports.gating.history_file import read_history

ITEMS = 1000


def log(directory: Path, loss: float, *, items: int = ITEMS, seed: int = 0) -> Path:
    """A build that loses so much against the first; a tenth of its answers stray."""
    rng = np.random.default_rng([seed, int(1e6 * loss), len(directory.name)])
    right = np.arange(items) % 5 < 3
    right = (right ^ (rng.random(items) < 0.05)) & (rng.random(items) > loss / 0.6)
    rows = [
        row(i, float(right[i]), resps=[[f"{directory.name} {i}"]], doc={"passage": i // 10})
        for i in range(items)
    ]
    write_log(directory, "arc", rows, model_args=f"pretrained={directory.name}")
    return directory


@pytest.fixture
def history(tmp_path: Path) -> Path:
    file = tmp_path / "nights"
    first = log(tmp_path / "first", 0.0)
    assert main(["gate", str(first), "--history", str(file), "--margin", "0.05"]) == 0
    return file


def test_the_first_build_begins_the_history(
    capsys: pytest.CaptureFixture[str], history: Path
) -> None:
    said = capsys.readouterr().out
    assert "begun with" in said
    (build,) = read_history(history).builds
    assert (build.number, build.anchor, build.outcome) == (1, True, None)


def test_a_night_is_judged_noted_and_drawn(
    history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = log(tmp_path / "good", 0.0, seed=1), log(tmp_path / "bad", 0.25, seed=2)
    arguments = ["--history", str(history), "--commit", "abc", "--junit", str(tmp_path / "j.xml")]
    assert main(["gate", str(good), *arguments]) == 0
    assert main(["gate", str(bad), *arguments]) == 1
    assert ElementTree.parse(tmp_path / "j.xml").getroot().get("failures") == "1"
    said = capsys.readouterr().out
    assert "\nPASS\n- a loss of 5.0 points or more is ruled out" in said
    assert "\nFAIL\n- the loss against build 1 (anchor) is larger than 5.0 points" in said
    assert max(map(len, said.splitlines())) <= 80 + len(str(tmp_path))
    builds = read_history(history).builds
    assert [(build.outcome, build.commit) for build in builds[1:]] == [
        ("PASS", "abc"),
        ("FAIL", "abc"),
    ]
    assert main(["history", str(history), "--html", str(tmp_path / "page.html")]) == 0
    drawn = capsys.readouterr().out
    assert "●" in drawn
    assert max(map(len, drawn.splitlines()[:-1])) <= 80
    page = (tmp_path / "page.html").read_text()
    assert "<svg" in page
    assert "Build 3: FAIL" in page


def test_a_pull_request_reads_the_anchor_the_spent_margin_and_the_trend(tmp_path: Path) -> None:
    told = []
    for night, loss in enumerate([0.0, 0.02, 0.0, 0.02, 0.01, 0.01, 0.2]):
        build = log(tmp_path / f"build{night}", loss, seed=night)
        files = ["--history", str(tmp_path / "h"), "--md", str(tmp_path / "m.md")]
        main(["gate", str(build), *files, "--margin", "0.05"])
        told.append((tmp_path / "m.md").read_text())
    assert re.match(r"### ⚓ build 1: .*build0 begins the history", told[0])
    head, figures, *reasons = filter(None, told[1].split("<details>")[0].splitlines())
    assert re.fullmatch(r"### (✅ PASS|❔ INCONCLUSIVE): .*build1, build 2", head)
    spent = re.fullmatch(
        r"\*\*\d\d\.\d → \d\d\.\d since build 1 \(anchor\): −(\d\.\d) points\*\*, between .*; "
        r"\*\*(\d\.\d) of the margin's 5\.0 points spent\*\*; 1,000 items",
        figures,
    )
    assert spent
    assert spent[1] == spent[2]
    assert reasons[-1] == "- no trend yet: a line goes through 6 builds or more."
    assert re.search(r"- no decline is shown; a line through the last 6 builds: .* since ", told[5])
    assert re.match(r"### ❌ FAIL: .*build6, build 7\n", told[6])
    assert "- the loss against build 1 (anchor) is larger than 5.0 points" in told[6]
    assert "| build 1 (anchor) | 1,000 |" in told[6].split("<details>")[1]


def test_the_first_night_passes_in_the_files_of_its_job(tmp_path: Path) -> None:
    files = ["--junit", str(tmp_path / "j.xml"), "--md", str(tmp_path / "m.md")]
    first = log(tmp_path / "twin1", 0.0)
    for _ in range(2):
        arguments = ["--history", str(tmp_path / "h"), "--margin", "0.05", *files]
        assert main(["gate", str(first), *arguments]) == 0
        (case,) = ElementTree.parse(tmp_path / "j.xml").getroot()
        assert [each.tag for each in case] == ["system-out"]
        assert "twin1 begins the history" in (case[0].text or "")
        (tmp_path / "j.xml").unlink()
    # One that scores the same spends nothing, and not "−0.0".
    main(["gate", str(log(tmp_path / "twin2", 0.0)), *arguments])
    assert "**0.0 of the margin's 5.0 points spent**" in (tmp_path / "m.md").read_text()


def test_the_same_samples_again_add_nothing_and_get_the_same_answer(
    history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = log(tmp_path / "new", 0.02, seed=3)
    statuses, tables = [], []
    for _ in range(2):
        capsys.readouterr()
        statuses.append(main(["gate", str(new), "--history", str(history)]))
        tables.append(capsys.readouterr().out.split("\n\n", 1)[1])
        main(["gate", str(log(tmp_path / "later", 0.0)), "--history", str(history)])
    assert statuses[0] == statuses[1]
    assert tables[0] == tables[1]
    assert len(read_history(history).builds) == 3


def test_a_release_becomes_an_anchor(history: Path, tmp_path: Path) -> None:
    release, bad = log(tmp_path / "release", 0.0, seed=4), log(tmp_path / "bad", 0.3)
    assert main(["gate", str(release), "--history", str(history), "--anchor"]) == 0
    assert main(["gate", str(bad), "--history", str(history), "--anchor"]) == 1
    assert [build.anchor for build in read_history(history).builds] == [True, True, False]


def test_a_build_can_become_an_anchor_later(history: Path, tmp_path: Path) -> None:
    release = log(tmp_path / "release", 0.0, seed=4)
    assert main(["gate", str(release), "--history", str(history)]) == 0
    assert main(["gate", str(release), "--history", str(history), "--anchor"]) == 0
    assert [build.anchor for build in read_history(history).builds] == [True, True]


def test_items_that_were_not_asked_before_are_told(
    history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = log(tmp_path / "new", 0.0, items=ITEMS + 50, seed=5)
    main(["gate", str(new), "--history", str(history)])
    assert "50 items of tonight were not asked then" in capsys.readouterr().out


def test_builds_that_come_at_once_are_all_kept(history: Path, tmp_path: Path) -> None:
    news = [log(tmp_path / f"new{n}", 0.0, items=100, seed=n) for n in range(6)]
    command = [sys.executable, "-m", "harness.cli", "gate"]
    jobs = [
        subprocess.Popen([*command, str(new), "--history", str(history)], stdout=subprocess.DEVNULL)
        for new in news
    ]
    assert {job.wait() for job in jobs} <= {0, 1, 3}
    builds = read_history(history).builds
    assert sorted(Path(build.name).name for build in builds[1:]) == [new.name for new in news]
    assert [build.number for build in builds] == list(range(1, 8))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--margin", "0.01"], "was begun with --margin 0.05"),
        (["--answers", "as_written"], "was begun with --answers forced"),
        (["--per-task", "0.1"], "--per-task has no meaning for a history"),
    ],
)
def test_other_terms_are_refused(
    history: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    new = log(tmp_path / "new", 0.0)
    assert main(["gate", str(new), "--history", str(history), *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1
    assert len(read_history(history).builds) == 1


def test_a_history_that_is_none_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new, file = log(tmp_path / "new", 0.0), tmp_path / "file"
    file.write_text("x")
    for command in (["gate", str(new), "--history", str(file)], ["history", str(file)]):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert f"{file}: not a history" in said
        assert said.count("\n") == 1


def test_a_history_begins_with_a_margin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = log(tmp_path / "new", 0.0)
    assert main(["gate", str(new), "--history", str(tmp_path / "h")]) == 2
    assert "is begun here and needs --margin" in capsys.readouterr().err


def test_clusters_that_are_forgotten_on_a_later_night_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nights"
    first, new = log(tmp_path / "first", 0.0), log(tmp_path / "new", 0.0, seed=1)
    by_passage = ["--cluster", "passage"]
    assert main(["gate", str(first), "--history", str(file), "--margin", "0.05", *by_passage]) == 0
    for forgetful in (new, first):
        assert main(["gate", str(forgetful), "--history", str(file)]) == 2
        assert "give the --cluster that it was begun with" in capsys.readouterr().err
    assert len(read_history(file).builds) == 1
    assert main(["gate", str(new), "--history", str(file), *by_passage]) in (0, 3)
