"""Other packages on the same simulated runs: what is counted and said, and that they answer."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from harness.cli import main
from harness.commands.simulate import ENVIRONMENT
from reports.comparing.simulation import Scenario, Task
from reports.peers.ask import Peers
from reports.peers.calls import PEERS
from reports.peers.error_rates import OURS, Case, ErrorRates, error_rates
from reports.peers.peer_tables import rates_table

PYTHON = Path(__file__).parents[3] / ENVIRONMENT
SMALL = Case(Scenario("small", 2, True, (Task("ood", (3,) * 10),)), gate=True)

needs_the_packages = pytest.mark.skipif(
    not (PYTHON.parents[1] / "peers.installed").is_file(),
    reason=f"{ENVIRONMENT} is missing; make peers",
)


def sees_differences_everywhere(candidate, baseline, clusters, margin):
    """What a package answers that calls any two runs different and passes no one."""
    assert candidate.shape == baseline.shape == (2, 30)
    assert len(set(clusters)) == 10
    return {"severe": [True, 0.01, 0.02] if margin is None else False}


def test_shares_are_counted_for_every_package_beside_ours() -> None:
    peers = Peers({"severe": "1.0"}, sees_differences_everywhere)
    ours, severe = error_rates(SMALL, 20, peers, np.random.default_rng(0))
    assert (ours.who, severe.who) == (OURS, "severe")
    assert (severe.size, severe.coverage) == (1, 0)
    assert (severe.passes_at_margin, severe.equal_passes) == (0, 0)
    assert ours.size is not None
    assert ours.coverage is not None
    assert ours.size + ours.coverage == pytest.approx(1)


def test_a_share_stands_with_its_standard_error_and_a_version() -> None:
    found = ErrorRates(SMALL, "severe", 100, 0.2, None, None, None)
    [row] = rates_table([found], {"severe": "1.0"}).rows
    assert [cell.text for cell in row] == ["small", "severe 1.0", "20.0 (4.0)", "–", "–", "–"]


def test_without_the_environment_one_line_says_how_to_make_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", "--peers", str(tmp_path / "python")]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "make peers" in line


def test_an_environment_without_the_packages_is_told_by_its_lack(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["simulate", "--peers", sys.executable]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert all(name in line for name in PEERS)


def test_what_is_no_interpreter_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    talks = tmp_path / "talks"
    talks.write_text("#!/bin/sh\necho hello\n")
    talks.chmod(0o755)
    (tmp_path / "mute").write_text("")
    for name in ("talks", "mute"):
        assert main(["simulate", "--peers", str(tmp_path / name)]) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert "make peers" in line


@needs_the_packages
def test_every_package_answers_and_the_table_names_its_version(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    md = tmp_path / "peers.md"
    command = ["simulate", "--peers", str(PYTHON), "--replicates", "3", "--md", str(md)]
    assert main([*command, "--scenario", "clusters of 3"]) == 0
    written = md.read_text()
    for name in (OURS, *PEERS):
        assert f"| {name}" in written
    assert "errorbars 0.2.4" in written
