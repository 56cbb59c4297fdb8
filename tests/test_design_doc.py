"""The documents tell the truth: rooms, the methods table, and every file and function they name."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from small_students import make_pairs
from test_floors import MODULES, ROOMS, ROOT

from trainers.method import CUE, Method, Prompt, Row, Segment
from trainers.methods import load_method, method_names

DESIGN = (ROOT / "docs" / "design.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = (*ROOMS, "tests", "examples", "docs")
A_PATH = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./*-]*")
A_NAME = re.compile(rf"(?:{'|'.join(ROOMS)})(?:\.\w+)+")
A_LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
IN_CODE = re.compile(r"`([^`\n]+)`")

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


@pytest.mark.parametrize("package", ROOMS)
def test_every_room_has_a_line_in_the_order_of_the_house(package):
    section = re.split(r"^##+ ", DESIGN.split(f"### `{package}/`")[1], flags=re.MULTILINE)[0]
    named = re.findall(r"^\| `(\w+)` \| .+ \|$", section, flags=re.MULTILINE)
    assert named == list(ROOMS[package])
    for room in named:
        place = ROOT / package / room
        assert place.is_dir() or place.with_suffix(".py").is_file()


def test_the_methods_table_is_what_the_code_does():
    table = (
        DESIGN.split("<!-- methods:")[1].split("-->\n", 1)[1].split("<!-- end of methods -->")[0]
    )
    assert table.strip().splitlines() == list(methods_table())


def methods_table() -> Iterator[str]:
    """A line a method, rows and prompt spelled with q, r, cue and a, weights with α.

    The record that they are spelled of has a wrong chain, too.
    """
    yield "| method | rows | weights | asked with | stages |"
    yield "|---|---|---|---|---|"
    for name in method_names():
        method = load_method(name)
        rows = " and ".join(f"`{row}`" for row in spelled_rows(method)) or "untrained"
        weights = spelled_weights(method) if method.rows else ""
        asked = f"`{spelled_prompt(Prompt('', method.prefix, method.suffix))}`"
        stages = "two" if method.cascade else "one"
        yield f"| `{name}` | {rows} | {weights} | {asked} | {stages} |"


def spelled_rows(method: Method) -> list[str]:
    if method.rows is None:
        return []
    [record] = make_pairs(1)
    words = {
        CUE: "cue",
        f" {record.rationale}": "r",
        f"\n{record.rationale}": '"\\n" r',
        f" {record.answer}": "a",
        f" {record.dual.rationale}": "wrong r",
        f" {record.dual.answer}": "wrong a",
    }

    def word(segment: Prompt | Segment) -> str:
        if isinstance(segment, Prompt):
            return spelled_prompt(segment)
        return f"{words[segment.text]} EOS" if segment.eos else words[segment.text]

    def spelled(row: Row) -> Iterator[str]:
        for group, segments in groupby(row, lambda segment: segment.group):
            text = " ".join(word(segment) for segment in segments)
            yield f"{group}[{text}]" if group else text

    rows = [row for chosen in method.chosen([record]) for row in method.rows(chosen)]
    return list(dict.fromkeys(" ".join(spelled(row)) for row in rows))


def spelled_prompt(prompt: Prompt) -> str:
    parts = (json.dumps(prompt.prefix), "q", json.dumps(prompt.suffix))
    return " ".join(part for part in parts if part != '""')


OBJECTIVES = {"sft": "", "dpo": "as preferences", "on_policy": "on what it writes itself"}


def spelled_weights(method: Method) -> str:
    """Each group's weight, and whatever else makes the loss another one than plain SFT's."""
    weights = (f"{group} {spelled_weight(method, group)}" for group in method.weights(0.3))
    said = [
        ", ".join(weights),
        "times p" if method.token_loss == "dft" else "",
        "by rows" if method.normaliser == "row" else "",
        OBJECTIVES[method.objective],
        f"on its own chains, {method.rounds} rounds" if method.rounds else "",
        f"from `{method.starts_from}`" if method.starts_from else "",
    ]
    return "; ".join(filter(None, said))


def spelled_weight(method: Method, group: str) -> str:
    """The weight as a function of α, told from two values of it."""
    low, high = (method.weights(alpha)[group] for alpha in (0.25, 0.5))
    if low == high:
        return f"{low:g}".replace("-", "−")
    return {(0.25, 0.5): "α", (0.75, 0.5): "1 − α"}[low, high]


@every_document
def test_every_path_named_exists(document):
    text = document.read_text()
    paths = {path for code in IN_CODE.findall(text) for path in A_PATH.findall(code)}
    missing = [path for path in sorted(paths) if not list(ROOT.glob(path.rstrip("/.")))]
    assert not missing


@every_document
def test_every_link_leads_somewhere(document):
    links = A_LINK.findall(document.read_text())
    assert not [link for link in links if not (document.parent / link).exists()]


@every_document
def test_every_function_named_exists(document):
    spans = IN_CODE.findall(document.read_text())
    names = {code for code in spans if A_NAME.fullmatch(code) and not is_file_name(code)}
    assert not [name for name in sorted(names) if not is_defined(name)]


def is_file_name(code: str) -> bool:
    """An lm-eval task file or the like: `tasks.yaml`."""
    return Path(code).suffix in {".py", ".yaml", ".json", ".jsonl"}


def is_defined(name: str) -> bool:
    """Whether a dotted name is a module or what one defines at its top."""
    if name in MODULES:
        return True
    module, _, attribute = name.rpartition(".")
    if module not in MODULES:
        return False
    tree = ast.parse(MODULES[module].read_text())
    defined = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    } | {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return attribute in defined


def test_every_way_of_adding_something_is_tried():
    """Each entry of "How to add ..." names the example or the test that does it."""
    section = CONTRIBUTING.split("## How to add ...")[1].split("\n## ")[0]
    entries = re.split(r"^- ", section, flags=re.MULTILINE)[1:]
    assert len(entries) >= 6
    for entry in entries:
        assert re.search(r"Tried by `(examples|tests)/[\w./]+`", entry.replace("\n  ", " ")), entry
