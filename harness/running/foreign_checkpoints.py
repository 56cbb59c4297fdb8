"""Checkpoints in a run directory that are not what this run would have trained."""

from __future__ import annotations

from collections.abc import Sequence

from harness.running.context import Context
from harness.running.run_directory import Cell
from tasks.errors import UserError
from trainers.protocol import PROTOCOL_FILE, Protocol


def refuse_foreign_checkpoints(context: Context, trained: Sequence[Cell]) -> None:
    """UserError for a checkpoint of another method, in another layout or of other data."""
    for cell in trained:
        folder = context.folder(cell)
        for file in sorted(
            [
                *folder.glob(f"checkpoint/{PROTOCOL_FILE}"),
                *folder.glob(f"trainer/*/{PROTOCOL_FILE}"),
            ]
        ):
            found, wanted = Protocol.load(file.parent), context.method(cell).name
            if found.method != wanted:
                raise UserError(
                    f"{file.parent}: was trained by {found.method}, and this cell is of {wanted}; "
                    f"delete {folder} to train it, or give a new directory with --out"
                )
            layout = context.student(cell)
            if (found.layout, found.thinking) != (layout.layout, layout.thinking):
                raise UserError(
                    f"{file.parent}: was trained in another layout; delete {folder} to train it, "
                    "or give a new directory with --out"
                )
            known = context.evidence.training
            if found.data_fingerprint and found.data_fingerprint != known:
                raise UserError(
                    f"{file.parent}: was trained on other data than this run's; restore the data, "
                    "or give a new directory with --out"
                )
