"""How a cell's student is asked, and what its evaluations say of themselves."""

from __future__ import annotations

from typing import Any

from harness.evaluation.loaded_student import LoadedStudent, open_student
from harness.evaluation.response_store import ResponseStore
from harness.running.context import Context
from harness.running.done import trained_student
from harness.running.run_directory import Cell
from trainers.methods import load_method
from trainers.notice import read_notice


def open_cell_student(context: Context, cell: Cell) -> LoadedStudent:
    """A cell's student: a trained one carries its protocol, an untrained one is asked by its
    method's.
    """
    method, student = load_method(context.method(cell).name), context.student(cell)
    protocol = method.protocol(None, "", layout=student.layout, thinking=student.thinking)
    return open_student(
        _location(context, cell),
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


def _location(context: Context, cell: Cell) -> str:
    if cell.seed is None:
        return context.locations[cell.student]
    return str(trained_student(context.folder(cell)))
