"""What is installed: the four packages, whole, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("tasks", "reports", "trainers", "harness")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy, so that no earlier build's leftovers get in."""
    source = tmp_path_factory.mktemp("source")
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    # What lies beside the packages in a checkout must stay out.
    for name in ("tests", "examples"):
        (source / name).mkdir()
        (source / name / "__init__.py").touch()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    target = source / "dist"
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", str(target), str(source)],
        check=True,
        timeout=240,
    )
    return next(target.glob("*.whl"))


def test_it_holds_every_file_of_the_four_packages_and_nothing_else(wheel):
    with ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == expected
    assert {name.split("/")[0] for name in held} == set(PACKAGES)
    # What runs need beside code: tasks for lm-eval, presets, templates, pages, prompts.
    suffixes = {".py", ".yaml", ".j2", ".html", ".css", ".js", ".txt"}
    assert {Path(name).suffix for name in held} == suffixes


def test_no_index_would_take_it(wheel):
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
    assert "Private :: Do Not Upload" in metadata.get_all("Classifier")


def test_its_command_finds_presets_and_tasks_wherever_it_lies(wheel, tmp_path):
    installed = tmp_path / "installed"
    with ZipFile(wheel) as archive:
        archive.extractall(installed)

    def cascod(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "harness.cli", *arguments],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        ).stdout.strip()

    assert cascod("tasks", "--path") == str(installed / "tasks")
    assert cascod("run", "demo", "--dry-run").startswith("demo: 9 cells")
