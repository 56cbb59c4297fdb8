"""Records removed from a file, with a tombstone for each that holds nothing of what they said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from harness.reviewing.journal import journal_path, read_journal, review_folder, reviewers_of
from tasks.errors import UserError
from tasks.files import append_durably, numbered_lines, write_whole
from tasks.quality.steps import steps_of
from tasks.records.provenance import is_expired, provenance_of
from tasks.records.record import CoTRecord, read_records


@dataclass(frozen=True, slots=True)
class Which:
    """The records that are meant: those that meet every condition which is given."""

    ids: frozenset[str] = frozenset()
    teacher: str | None = None
    expired: bool = False

    def means(self, record: CoTRecord, now: datetime) -> bool:
        """Whether the record is one of them."""
        by_id = not self.ids or record.id in self.ids
        origin = provenance_of(record)
        by_teacher = self.teacher in (None, *origin.teachers, *origin.models)
        return by_id and by_teacher and (not self.expired or is_expired(record, now.date()))


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The lines of a file that stay, as they stand, and the records of the others."""

    file: Path
    stays: Sequence[str]
    removed: Sequence[CoTRecord]

    @property
    def tombstones(self) -> Path:
        """The log of what was removed from the file."""
        return self.file.with_name(f"{self.file.name}.forgotten")


def plan_forgetting(file: Path, which: Which, now: datetime) -> Forgetting:
    """What would be removed; UserError where that is nothing, or an id is not there."""
    records = read_records(file)
    removed = [record for record in records if which.means(record, now)]
    if lacking := sorted(which.ids - {record.id for record in records}):
        raise UserError(f"{file}: no record with the id {lacking[0]!r}; nothing was removed")
    if not removed:
        raise UserError(f"{file}: no record meets these conditions; nothing was removed")
    ids = {record.id for record in removed}
    lines = [line for _, line in numbered_lines(file)]
    stays = [line for line, record in zip(lines, records, strict=True) if record.id not in ids]
    return Forgetting(file, stays, removed)


def forget(forgetting: Forgetting, which: Which, now: datetime) -> None:
    """Write the tombstones, then the file without the records, whole or not at all.

    Killed in between, the same command does it again, and the tombstones stand twice.
    """
    reasons = {
        "id": bool(which.ids),
        "teacher": which.teacher is not None,
        "keep_until": which.expired,
    }
    rows = [
        {
            "date": now.isoformat(timespec="seconds"),
            "id": record.id,
            "sha256": record_hash(record),
            "by": [name for name, given in reasons.items() if given],
        }
        for record in forgetting.removed
    ]
    append_durably(forgetting.tombstones, "".join(json.dumps(row) + "\n" for row in rows).encode())
    write_whole(forgetting.file, forgetting.stays)


def record_hash(record: CoTRecord) -> str:
    """SHA-256 of everything that the record holds."""
    row = json.dumps(record.to_row(), sort_keys=True, ensure_ascii=False)
    return sha256(row.encode()).hexdigest()


def copies_beside(forgetting: Forgetting) -> dict[Path, int]:
    """JSON files beside the file that still hold all steps of a removed record's chain, and of how
    many records: splits, journals of collected replies, what `cascod quality` wrote.
    """
    found = {}
    for path in sorted(forgetting.file.parent.glob("*.json*")):
        if path.resolve() in (forgetting.file.resolve(), forgetting.tombstones.resolve()):
            continue
        content = path.read_text(encoding="utf-8", errors="replace")
        if held := sum(_is_held(record, content) for record in forgetting.removed):
            found[path] = held
    return found


def reviews_beside(forgetting: Forgetting) -> dict[Path, int]:
    """Journals of reviewers that still hold what they said of removed records, and of how many."""
    gone = {record.id for record in forgetting.removed}
    folder = review_folder(forgetting.file)
    paths = [journal_path(folder, reviewer) for reviewer in reviewers_of(folder)]
    held = {path: len(gone & {each.id for each in read_journal(path).judged}) for path in paths}
    return {path: count for path, count in held.items() if count}


def _is_held(record: CoTRecord, content: str) -> bool:
    """Whether a text has all steps of one of the record's chains, as JSON spells them."""
    rationales = (record.rationale, record.dual.rationale if record.dual else "")
    return any(
        steps and all(_stands_in(step, content) for step in steps)
        for steps in map(steps_of, rationales)
    )


def _stands_in(text: str, content: str) -> bool:
    return any(json.dumps(text, ensure_ascii=a)[1:-1] in content for a in (True, False))
