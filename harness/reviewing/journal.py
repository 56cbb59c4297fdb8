"""A reviewer's journal: one file a reviewer, a line on disk before anything else is said of it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harness.reviewing.events import Event, Judgements
from tasks.errors import UserError
from tasks.files import append_durably, lock_journal, numbered_lines

SUFFIX = ".jsonl"


def review_folder(records: Path) -> Path:
    """Where the reviews of a record file lie: beside it."""
    return records.with_name(f"{records.stem}.reviews")


def journal_path(folder: Path, reviewer: str) -> Path:
    """The journal of one reviewer."""
    return folder / f"{reviewer}{SUFFIX}"


def reviewers_of(folder: Path) -> list[str]:
    """Who has a journal there."""
    return sorted(path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}"))


def read_journal(path: Path) -> Judgements:
    """What a journal says; a last line that is still being written, or was cut off, says nothing.

    UserError with file and line where it is no journal.
    """
    found = Judgements()
    for number, line in numbered_lines(path):
        if not line.endswith("\n"):
            break
        try:
            found.take(msgspec.json.decode(line, type=Event))
        except ValueError as error:
            raise UserError(f"{path}:{number}: no line of a review journal ({error})") from None
    return found


class Journal:
    """The journal of one reviewer, locked against a second process while it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        taken = f"{path}: this reviewer's page is open in another process"
        self._lock = lock_journal(path, taken)
        try:
            self.judgements = read_journal(path)
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()

    def append(self, event: Event) -> None:
        """Write one line; it is on disk when this returns. UserError where it cannot be."""
        append_durably(self._path, msgspec.json.encode(event) + b"\n")
        self.judgements.take(event)
