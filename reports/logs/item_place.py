"""Which item a row of lm-eval's samples is about, and where it belongs."""

from __future__ import annotations

from typing import Any

import msgspec


class Doc(msgspec.Struct):
    """What a doc of our own tasks says of its item; a foreign doc may say anything."""

    id: Any = None
    suite: Any = None
    role: Any = None
    cluster: Any = None


class Placed(msgspec.Struct):
    """A row's place: beside its outcome in our own logs, in its doc where stock lm-eval ran our task."""

    doc_id: int | str
    doc_hash: str = ""
    id: str | None = None
    suite: str | None = None
    role: str | None = None
    cluster: str | None = None
    doc: Doc | str | None = None


class Place(msgspec.Struct):
    """An item's name, and its suite, role and cluster where they are known."""

    id: str
    suite: str | None
    role: str | None
    cluster: str | None


def place_of(row: Placed) -> Place:
    """The place of a row's item; lm-eval's own number is its name where it has no other."""
    if row.id is not None:
        return Place(row.id, row.suite, row.role, row.cluster)
    doc = row.doc
    if isinstance(doc, Doc):
        told = (doc.id, doc.suite, doc.role, doc.cluster)
        if all(isinstance(value, str) for value in told):
            return Place(*told)
    return Place(str(row.doc_id), row.suite, row.role, row.cluster)
