"""How a cell's student is asked, and what its evaluations say of themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.response_store import ResponseStore
from harness.running.cells import DONE
from harness.running.context import Context
from harness.running.run_directory import Cell
from tasks.files import read_json
from trainers.methods import load_method
from trainers.notice import read_notice


def open_cell_student(context: Context, cell: Cell) -> OpenStudent:
    """A cell's student: a trained one carries its protocol, an untrained one is asked by its
    method's.
    """
    method, student = load_method(context.method(cell).name), context.student(cell)
    protocol = method.protocol(None, "", layout=student.layout, thinking=student.thinking)
    return open_student(
        str(_checkpoint(context, cell)),
        protocol=protocol if method.rows is None else None,
        precision=context.experiment.decoding.precision,
    )


def response_store(context: Context, cell: Cell) -> ResponseStore:
    """Where a cell's student keeps what it has replied, in whatever step."""
    return ResponseStore(context.folder(cell) / "responses.jsonl")


def run_info(context: Context, cell: Cell) -> dict[str, Any]:
    """What every run.json of a cell says of it."""
    stored = cell.student in [stored.name for stored in context.experiment.stored]
    added = None if stored else load_method(context.method(cell).name).ingredients
    return {
        "student": cell.student,
        "method": cell.method,
        "ingredients": None if added is None else sorted(added),
        "seed": cell.seed,
        "data_fingerprint": context.evidence.training if cell.seed is not None else "",
        "notice": "" if stored else read_notice(context.locations[cell.student]),
        "student_fingerprint": context.evidence.students.get(cell.student, ""),
    }


def _checkpoint(context: Context, cell: Cell) -> Path | str:
    if cell.seed is None:
        return context.locations[cell.student]
    folder = context.folder(cell)
    selected = folder / DONE["select"]
    if selected.exists():
        return folder / "trainer" / str(read_json(selected)["checkpoint"])
    return folder / "checkpoint"
