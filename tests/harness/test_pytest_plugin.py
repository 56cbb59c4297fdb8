"""The fixture `cascod_gate` in somebody's own tests, run by a pytest of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sample_logs import row, write_log

from harness.cli import main

ROOT = Path(__file__).parents[2]
ITEMS = 400


def log(directory: Path, right: int) -> Path:
    rows = [row(i, float(i < right), resps=[[f"said {i < right}"]]) for i in range(ITEMS)]
    write_log(directory, "arc", rows, model_args=f"pretrained={directory.name}")
    return directory


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a stored baseline and three candidates."""
    for name, right in (("old", 200), ("same", 203), ("worse", 120), ("unclear", 197)):
        log(tmp_path / name, right)
    assert main(["gate", str(tmp_path / "old"), "--save", str(tmp_path / "base.json.gz")]) == 0
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["harness.pytest_plugin"]\n')
    return tmp_path


def outcomes(project: Path, source: str) -> dict[str, tuple[str, str]]:
    """By test: passed, failed, skipped or error, with what it said."""
    (project / "test_gate.py").write_text(f"import pytest\n{source}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--junit-xml=out.xml", "--strict-markers"],
        cwd=project,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (project / "out.xml").exists(), done.stdout + done.stderr
    found = {}
    for case in ElementTree.parse(project / "out.xml").iter("testcase"):
        ends = [child for child in case if child.tag in ("failure", "skipped", "error")]
        [kind, said] = [ends[0].tag, ends[0].get("message", "")] if ends else ["passed", ""]
        properties = {p.get("name"): p.get("value") for p in case.iter("property")}
        found[case.get("name", "")] = (kind, said or str(properties.get("cascod_gate")))
    return found


def test_a_decision_is_a_tests_outcome(project: Path) -> None:
    found = outcomes(
        project,
        """
pytestmark = pytest.mark.cascod_gate(baseline="base.json.gz", margin=0.03)

def test_same(cascod_gate): assert cascod_gate("same") == "PASS"
def test_worse(cascod_gate): cascod_gate("worse")
def test_unclear(cascod_gate): cascod_gate("unclear", margin=0.008)

@pytest.mark.cascod_gate(margin=0.008, inconclusive="fail")
def test_strict(cascod_gate): cascod_gate("unclear")

@pytest.mark.cascod_gate(inconclusive="ok")
def test_lenient(cascod_gate): cascod_gate(candidate="unclear", margin=0.008)
""",
    )
    assert found["test_same"] == ("passed", "PASS")
    assert found["test_lenient"] == ("passed", "INCONCLUSIVE")
    for test, kind, said in (
        ("test_worse", "failure", "FAIL: worse\n"),
        ("test_unclear", "skipped", "INCONCLUSIVE: unclear\n"),
        ("test_strict", "failure", "INCONCLUSIVE: unclear\n"),
    ):
        assert found[test][0] == kind
        assert said in found[test][1]
    assert "the loss is larger than 3.0 points" in found["test_worse"][1]


def test_what_the_gate_refuses_fails_the_test_in_one_line(project: Path) -> None:
    found = outcomes(
        project,
        """
pytestmark = pytest.mark.cascod_gate(baseline="base.json.gz")

def test_no_margin(cascod_gate): cascod_gate("same")
def test_odd_margin(cascod_gate): cascod_gate("same", margin=-1)
def test_no_log(cascod_gate): cascod_gate("nowhere", margin=0.02)
def test_odd_end(cascod_gate): cascod_gate("same", margin=0.02, inconclusive="maybe")
""",
    )
    for test, said in (
        ("test_no_margin", "give a margin"),
        ("test_odd_margin", "a margin is a positive number"),
        ("test_no_log", "nowhere"),
        ("test_odd_end", "neither skip, ok nor fail"),
    ):
        kind, message = found[test]
        assert kind == "failure"
        assert message.startswith("Failed: cascod_gate: ")
        assert said in message
        assert "\n" not in message


def test_nothing_heavy_is_imported_before_a_test_asks(project: Path) -> None:
    found = outcomes(
        project,
        """
import sys
def test_light(): assert not {"numpy", "torch", "reports"} & set(sys.modules)
""",
    )
    assert found == {"test_light": ("passed", "None")}


def test_a_file_of_clusters_lies_below_the_root_like_all_paths(project: Path) -> None:
    together = {str(i): f"passage {i // 40}" for i in range(ITEMS)}
    (project / "clusters.json").write_text(json.dumps(together))
    source = """
def test_from_elsewhere(cascod_gate, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    cascod_gate("same", baseline="old", margin=0.3, cluster="clusters.json")
"""
    [(kind, said)] = outcomes(project, source).values()
    assert (kind, said) == ("passed", "PASS")
