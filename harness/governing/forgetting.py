"""Records removed from a file, with a tombstone for each that holds nothing of what they said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tasks.errors import UserError
from tasks.files import append_durably, numbered_lines, write_whole
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
    """JSONL files beside the file that still hold a removed chain's text, and of how many chains:
    splits, journals of collected replies.
    """
    texts = [record.rationale for record in forgetting.removed if record.rationale]
    spelled = [{json.dumps(text, ensure_ascii=a)[1:-1] for a in (True, False)} for text in texts]
    found = {}
    for path in sorted(forgetting.file.parent.glob("*.jsonl")):
        content = path.read_text(encoding="utf-8", errors="replace")
        held = sum(any(spelling in content for spelling in each) for each in spelled)
        if held and path.resolve() != forgetting.file.resolve():
            found[path] = held
    return found
