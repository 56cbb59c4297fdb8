"""The architecture, as a test: a package imports only from floors below it, and no file in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "tasks": {"tasks"},
    "reports": {"reports", "tasks"},
    "trainers": {"trainers", "tasks"},
    "harness": {"harness", "trainers", "reports", "tasks"},
}
# What reports may read of tasks: records and scoring, nothing that loads a benchmark or lm-eval.
LIGHT = {"tasks.errors", "tasks.problem", "tasks.record", "tasks.sample", "tasks.scoring"}
HEAVY = {"torch", "transformers", "trl", "peft", "datasets", "lm_eval", "accelerate"}

FILES = sorted(path for package in MAY_IMPORT for path in (ROOT / package).rglob("*.py"))


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in FILES}


def imports(path: Path) -> Iterator[str]:
    """All modules that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in MODULES else node.module


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_a_file_imports_only_from_its_own_floor_and_below(path):
    package = path.relative_to(ROOT).parts[0]
    ours = {name for name in imports(path) if name.split(".")[0] in MAY_IMPORT}
    assert {name.split(".")[0] for name in ours} <= MAY_IMPORT[package]


@pytest.mark.parametrize("path", sorted((ROOT / "reports").rglob("*.py")), ids=module_name)
def test_reports_stay_light(path):
    names = set(imports(path))
    assert {name for name in names if name.split(".")[0] == "tasks"} <= LIGHT
    assert not {name.split(".")[0] for name in names} & HEAVY


def test_no_two_files_import_each_other():
    graph = {
        name: {imported for imported in imports(path) if imported in MODULES and imported != name}
        for name, path in MODULES.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError with the circle in its message


def test_files_are_short():
    long = {module_name(p): n for p in FILES if (n := len(p.read_text().splitlines())) > 400}
    assert not long
