"""How a cell's student is asked, and what its evaluations say of themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.evaluation.asked_student import AskedStudent
from harness.evaluation.open_student import OpenStudent, open_student
from harness.evaluation.response_store import ResponseStore
from harness.running.context import Context
from harness.running.done import trained_student
from harness.running.run_directory import Cell
from trainers.methods import load_method
from trainers.notice import read_notice

CHOSEN_ON_TEST = (
    "the epoch of every trained student was chosen on the in-domain test set (select: ind_test), "
    "which inflates its in-domain accuracy"
)


class CellStudents:
    """The checkpoints of a cell that its steps ask: one is open at a time, from step to step."""

    def __init__(self, context: Context, cell: Cell) -> None:
        self._context = context
        self._cell = cell
        self._at = ""
        self._open: OpenStudent | None = None

    def open(self, checkpoint: Path | None = None) -> OpenStudent:
        """A checkpoint, by default the one that the cell's results are about; closes another one.

        A trained student carries its protocol, an untrained one is asked by its method's.
        """
        at = str(checkpoint or _location(self._context, self._cell))
        if self._open is None or at != self._at:
            self.close()
            self._at, self._open = at, self._opened(at)
        return self._open

    def asked(self, checkpoint: Path | None = None) -> AskedStudent:
        """The same, whose replies are kept, in whatever step they were given."""
        folder = self._context.folder(self._cell)
        return AskedStudent(self.open(checkpoint), ResponseStore(folder / "responses.jsonl"))

    def close(self) -> None:
        """Close what is open."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _opened(self, checkpoint: str) -> OpenStudent:
        context, cell = self._context, self._cell
        method, student = load_method(context.method(cell).name), context.student(cell)
        protocol = method.protocol(None, "", layout=student.layout, thinking=student.thinking)
        decoding = context.experiment.decoding
        return open_student(
            checkpoint,
            protocol=protocol if method.rows is None else None,
            precision=decoding.precision,
            server=decoding.asked_server,
            log=context.folder(cell) / "server.log",
        )


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
        "notice": "" if stored else _notice(context, cell),
        "student_fingerprint": context.evidence.students.get(cell.student, ""),
    }


def _notice(context: Context, cell: Cell) -> str:
    """What must be said wherever the cell's figures stand."""
    chosen = cell.seed is not None and context.experiment.select == "ind_test"
    own = read_notice(context.locations[cell.student])
    return " ".join(filter(None, [own, CHOSEN_ON_TEST if chosen else ""]))


def _location(context: Context, cell: Cell) -> str:
    if cell.seed is None:
        return context.locations[cell.student]
    return str(trained_student(context.folder(cell)))
