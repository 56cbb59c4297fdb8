"""The architecture, as a test: packages on floors, rooms in order, no file in a circle."""

from __future__ import annotations

import ast
import subprocess
import sys
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
# The rooms of each package from the ground up: folders and single files. A room imports from itself
# and from those before it.
ROOMS = {
    "tasks": (
        *("errors", "visible", "files", "progress", "problem", "sample", "suites", "scoring"),
        *("records", "personal_data", "data_source", "tables", "benchmarks", "procedural"),
        *("quality", "docs", "lm_eval_docs"),
    ),
    "reports": (
        *("items", "statistics", "logs", "rendering", "reasoning", "hint_audit", "suite_check"),
        *("comparing", "ranking", "gating", "reasoning_report", "run_report", "sweep_report"),
        *("grid_report", "printed_tables", "model_card", "break_even", "peers"),
    ),
    "trainers": (
        *("protocol", "method", "ingredients", "methods", "tokens", "layouts"),
        *("token_differences", "encoding", "settings", "collator", "step_cutting", "loss_terms"),
        *("model_shape", "lora_targets", "notice"),
        *("cot_sft_config", "divergence", "projection", "epoch_decay", "cot_sft_trainer"),
        *("checkpoint", "training_arguments", "build_trainer", "preference_trainer"),
        *("on_policy_trainer", "objectives", "training_costs", "train", "devices", "students"),
    ),
    "harness": (
        *("quiet", "crash_log", "shared_cores", "api_key", "arguments", "collecting", "judging"),
        *("reviewing", "embedding", "decoding", "engines"),
        *("evaluation", "probing", "running", "governing", "timing", "gating"),
        *("pytest_plugin", "commands", "cli"),
    ),
}
# What reports may read of tasks: nothing that loads a benchmark or lm-eval.
LIGHT = {
    *("errors", "visible", "files", "problem", "sample", "scoring", "records", "quality"),
    "personal_data",
}
HEAVY = {"torch", "transformers", "trl", "peft", "datasets", "lm_eval", "accelerate"}
WIDEST = 12  # modules of ours that one file may import

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


def ours(path: Path) -> set[str]:
    return {name for name in imports(path) if name.split(".")[0] in MAY_IMPORT}


def room_of(module: str) -> int | None:
    """The place of a module's room among those of its package; None for the package itself."""
    package, *inside = module.split(".")
    return ROOMS[package].index(inside[0]) if inside else None


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_a_file_imports_only_from_its_own_floor_and_below(path):
    package = path.relative_to(ROOT).parts[0]
    assert {name.split(".")[0] for name in ours(path)} <= MAY_IMPORT[package]


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_inside_a_package_a_file_imports_only_from_its_own_room_and_those_below(path):
    name = module_name(path)
    package, own = name.split(".")[0], room_of(name)
    above = {
        imported
        for imported in ours(path)
        if imported.split(".")[0] == package
        and own is not None
        and (place := room_of(imported)) is not None
        and place > own
    }
    assert not above


@pytest.mark.parametrize("path", sorted((ROOT / "reports").rglob("*.py")), ids=module_name)
def test_reports_stay_light(path):
    names = set(imports(path))
    read = {name.split(".")[1] for name in names if name.startswith("tasks.")}
    assert read <= LIGHT
    assert not {name.split(".")[0] for name in names} & HEAVY


def test_no_two_files_import_each_other():
    graph = {
        name: {imported for imported in imports(path) if imported in MODULES and imported != name}
        for name, path in MODULES.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError with the circle in its message


@pytest.mark.parametrize("path", FILES, ids=module_name)
def test_no_file_needs_many_others(path):
    assert len(ours(path)) <= WIDEST


def test_files_are_short():
    long = {module_name(p): n for p in FILES if (n := len(p.read_text().splitlines())) > 400}
    assert not long


def test_every_folder_of_tests_is_named_after_the_room_that_it_tests():
    folders = [
        path
        for path in (ROOT / "tests").rglob("*")
        if path.is_dir() and any(path.glob("test_*.py"))
    ]
    for folder in folders:
        assert (ROOT / folder.relative_to(ROOT / "tests")).is_dir(), folder


def test_tables_can_be_used_without_the_rest():
    code = (
        "import sys, reports.rendering.tables\n"
        "print(*[m for m in sys.modules if m.split('.')[0] in ('tasks', 'reports', 'trainers', "
        "'harness')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert len(loaded) <= 5
