"""A history in one compact file.

Gzip of two lines of JSON: the schema with a checksum, then the content. Tables of items stand there
once each; a build's scores are bits where items are right or wrong, else halves or singles of
floating point, in base64.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from base64 import b64decode, b64encode
from pathlib import Path

import msgspec
import numpy as np

from reports.comparing.gate import GateOutcome
from reports.gating.history import Build, History
from reports.items import Item, Items
from reports.statistics.answers import Answers
from reports.statistics.scale import Correct
from tasks.errors import UserError
from tasks.files import write_whole

FAMILY, VERSION = "cascod-history/", 1
BITS = "bits"


def write_history(history: History, path: Path) -> None:
    """Write the file, whole or not at all."""
    tables = list({id(build.items): build.items for build in history.builds}.values())
    number = {id(items): place for place, items in enumerate(tables)}
    body = msgspec.json.encode(
        _Content(
            margin=history.margin,
            answers=history.answers,
            items=[
                {column: getattr(items, column).tolist() for column in Item._fields}
                for items in tables
            ],
            builds=[_stored(build, number[id(build.items)]) for build in history.builds],
        )
    )
    head = msgspec.json.encode(_Head(f"{FAMILY}{VERSION}", hashlib.sha256(body).hexdigest()))
    write_whole(path, gzip.compress(head + b"\n" + body, mtime=0))


def read_history(path: Path) -> History:
    """The history in a file; UserError in one line that says what is wrong with it."""
    try:
        packed = path.read_bytes()
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    head, body = _parted(packed, path)
    if head.schema != f"{FAMILY}{VERSION}":
        raise UserError(
            f"{path}: written by another version of cascod ({head.schema}; this one reads "
            f"{FAMILY}{VERSION})"
        )
    if hashlib.sha256(body).hexdigest() != head.sha256:
        raise UserError(f"{path}: was changed after it was written (its checksum differs)")
    try:
        content = msgspec.json.decode(body, type=_Content)
        tables = [
            Items.of(Item(*row) for row in zip(*(t[c] for c in Item._fields), strict=True))
            for t in content.items
        ]
        builds = tuple(
            _build(stored, tables[stored.items], place)
            for place, stored in enumerate(content.builds, start=1)
        )
    except (ValueError, KeyError, IndexError, RecursionError):
        raise _broken(path) from None
    if not builds:
        raise _broken(path)
    return History(content.margin, content.answers, builds)


def _parted(packed: bytes, path: Path) -> tuple[_Head, bytes]:
    try:
        first, _, body = gzip.decompress(packed).partition(b"\n")
        head = msgspec.json.decode(first, type=_Head)
    except EOFError:
        raise UserError(f"{path}: cut off, its end is missing; take it from a backup") from None
    except (OSError, zlib.error):
        if packed[:2] == b"\x1f\x8b":
            raise UserError(f"{path}: damaged, it does not unpack; take it from a backup") from None
        raise _broken(path) from None
    except (ValueError, RecursionError):
        raise _broken(path) from None
    if not head.schema.startswith(FAMILY):
        raise _broken(path)
    return head, body


def _broken(path: Path) -> UserError:
    return UserError(
        f"{path}: not a history ({FAMILY}{VERSION}); `cascod gate CANDIDATE --history FILE "
        "--margin 0.02` begins one"
    )


def _stored(build: Build, items: int) -> _Build:
    kind, scores = _packed(build.correct)
    return _Build(
        name=build.name,
        samples=build.samples,
        date=build.date,
        commit=build.commit,
        anchor=build.anchor,
        outcome=build.outcome,
        told=build.told,
        seeds=list(build.seeds),
        items=items,
        kind=kind,
        scores=scores,
    )


def _build(stored: _Build, items: Items, number: int) -> Build:
    shape = (len(stored.seeds), len(items))
    correct = np.array([_unpacked(run, stored.kind, len(items)) for run in stored.scores])
    if correct.shape != shape or not correct.size:
        raise ValueError("scores and items differ in number")
    return Build(
        number=number,
        name=stored.name,
        samples=stored.samples,
        date=stored.date,
        commit=stored.commit,
        anchor=stored.anchor,
        outcome=stored.outcome,
        told=stored.told,
        seeds=tuple(stored.seeds),
        items=items,
        correct=correct,
    )


def _packed(correct: Correct) -> tuple[str, list[str]]:
    """The kind of number and each run's bytes; halves serve where they lose nothing."""
    if correct.dtype == bool:
        return BITS, [b64encode(np.packbits(run).tobytes()).decode() for run in correct]
    half = correct.astype("<f2")
    kind = "<f2" if np.array_equal(half.astype(float), correct) else "<f4"
    return kind, [b64encode(run.tobytes()).decode() for run in correct.astype(kind)]


def _unpacked(run: str, kind: str, items: int) -> Correct:
    data = b64decode(run, validate=True)
    if kind == BITS:
        return np.unpackbits(np.frombuffer(data, np.uint8), count=items).astype(bool)
    if kind not in ("<f2", "<f4"):
        raise ValueError("another kind of number")
    return np.frombuffer(data, kind).astype(float)


class _Head(msgspec.Struct):
    schema: str
    sha256: str


class _Build(msgspec.Struct):
    name: str
    samples: str
    date: str
    commit: str
    anchor: bool
    outcome: GateOutcome | None
    told: str
    seeds: list[str]
    items: int
    kind: str
    scores: list[str]


class _Content(msgspec.Struct):
    margin: float
    answers: Answers
    items: list[dict[str, list[str]]]
    builds: list[_Build]
