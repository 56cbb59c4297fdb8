"""Someone else's completions, as the experiment names them."""

from __future__ import annotations

from pathlib import Path

from harness.evaluation.stored_student import StoredStudent
from harness.running.experiment import StoredCompletions
from tasks.records.completions import read_completions


def stored_student(stored: StoredCompletions, data_dir: Path | None) -> StoredStudent:
    """Who replies with them; UserError where they are missing or cannot be read."""
    completions = read_completions((data_dir or Path()) / stored.path)
    return StoredStudent({row.id: row.completion for row in completions}, name=stored.name)
