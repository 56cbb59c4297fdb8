"""A row of a samples file: lm-eval's own fields, ours beside them, and the one way to decode it.

Every long field that few readers want (`doc`, `resps`, `arguments`, ...) stays undecoded JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from reports.items import Item
from tasks.errors import UserError
from tasks.files import numbered_lines
from tasks.problem import Problem
from tasks.sample import Sample

T = TypeVar("T")

# What a log of another harness does not say: every task is a suite, and all suites are
# out-of-domain.
FOREIGN_ROLE = "ood"
NOTHING = msgspec.Raw(b"null")
PARSE_OK = "parse_ok"
REPEATS = "scores_per_repeat"
# What a row of ours says of a forced answer.
FORCED = ("answer_forced", "correct_as_written", "parsed_as_written")

# What Python's json writes for what is no number; JSON has no word for it.
_NO_NUMBER = re.compile(r"[:\[,]\s*(NaN|-?Infinity)\b")

# What msgspec says of a row of ours, and what a reader is told.
_TOLD = (
    (r"JSON is malformed: (.+)", r"not valid JSON (\1)"),
    (r"Input data was truncated", "not valid JSON (it breaks off)"),
    (r"Expected `object`, got `array`", "expected an object, got list"),
    (r"Expected `object`, got `(\w+)`", r"expected an object, got \1"),
    (
        r"Object missing required field `(\w+)`",
        r"missing field '\1'; was this sample written by cascod?",
    ),
    (r"Invalid enum value (.+) - at `\$\.role`", r"role \1 is neither ind nor ood"),
    (r"Expected `(.+)`, got `(\w+)` - at `\$\.(\w+)`", r"field '\3' must be \1, got \2"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedSample(Sample):
    """A sample of ours as it stands in its file, beside the fields of lm-eval that reports read."""

    doc_hash: str = ""
    doc: msgspec.Raw
    resps: msgspec.Raw

    def __post_init__(self) -> None:
        # Where nothing was forced, and in logs that know of no forcing, both readings are one.
        if not self.answer_forced:
            object.__setattr__(self, "parsed_as_written", self.parsed)
            object.__setattr__(self, "correct_as_written", self.correct)

    @property
    def parse_ok_as_written(self) -> bool:
        """Whether an answer could be read without the forced one."""
        return self.parsed_as_written is not None if self.answer_forced else self.parse_ok

    @property
    def response(self) -> int:
        """The hash of what was said, which tells a forced answer from the same one written."""
        return response_hash(self.resps, forced=self.answer_forced)

    @property
    def item(self) -> Item:
        """The question that this is a response to."""
        return Item(
            self.suite, self.role, self.task, self.id, self.cluster, self.doc_hash, self.gold
        )

    @property
    def where(self) -> str:
        """Whose fault it is, where one is found in a field that was left undecoded."""
        return f"item {self.id!r} of task {self.task}"

    @property
    def problem(self) -> Problem:
        """The doc as the problem that it was made of."""
        return Problem.from_doc(decoded(self.doc, self.where))


class AnySample(msgspec.Struct, frozen=True, kw_only=True):
    """The light form of a row, whoever logged it.

    A row's place stands beside its outcome in our own logs, and in its doc where the stock lm-eval
    ran our task; other logs have none.
    """

    doc_id: int | str
    doc_hash: str = ""
    id: str | None = None
    suite: str | None = None
    role: str | None = None
    cluster: str | None = None
    prompt_sent: msgspec.Raw = NOTHING
    filter: str = "none"
    doc: msgspec.Raw = NOTHING
    target: msgspec.Raw = NOTHING
    arguments: msgspec.Raw = NOTHING
    resps: msgspec.Raw = NOTHING
    filtered_resps: msgspec.Raw = NOTHING

    def item(self, task: str) -> Item:
        """The question that this row of an lm-eval task is a response to.

        lm-eval's own number is its name where it has no other; one without a cluster is its own.
        """
        told = (self.id, self.suite, self.role, self.cluster)
        if self.id is None:
            told = _told_by(self.doc) or (str(self.doc_id), *told[1:])
        name, suite, role, cluster = told
        return Item(
            suite=suite or task,
            role=role or FOREIGN_ROLE,
            task=task,
            id=str(name),
            cluster=f"{task}/{name}" if cluster is None else cluster,
            doc_hash=self.doc_hash,
        )


class _PlacedDoc(msgspec.Struct):
    """A doc of our own tasks; a foreign doc may hold anything under the same names."""

    id: str
    suite: str
    role: str
    cluster: str


_PLACED_DOC = msgspec.json.Decoder(_PlacedDoc)


def logged_rows(path: Path, kind: type[T]) -> Iterator[tuple[int, T]]:
    """The rows of a JSONL file as `kind`, with their line numbers; UserError with file:line."""
    decoder = msgspec.json.Decoder(kind)
    for number, line in numbered_lines(path):
        try:
            row = decoder.decode(line)
        except RecursionError:
            raise UserError(f"{path}:{number}: nested too deeply") from None
        except msgspec.MsgspecError as error:
            if found := _NO_NUMBER.search(line):
                raise UserError(
                    f"{path}:{number}: holds {found[1]}, which is no score; score it again or "
                    "leave the item out on all sides"
                ) from None
            raise UserError(f"{path}:{number}: {_fault(error, kind)}") from None
        yield number, row


def decoded(field: msgspec.Raw, where: str) -> Any:
    """A field that was left undecoded; UserError where it holds what is no text."""
    try:
        return msgspec.json.decode(field)
    except msgspec.DecodeError as error:
        raise UserError(f"{where}: {str(error).lower()}") from None


def scored_kind(metric: str) -> Any:
    """The light form with the outcome by this metric as `value`; a row must have `resps`.

    `value` is None where a row has no such score. `scores_per_repeat` holds every repeat's scores
    by metric where lm-eval (from 0.5 on) drew several. `parse_ok`, whether an answer could be read,
    stands in rows of our tasks, else it is None; so do the fields on forced answers, undecoded
    since other logs may hold anything there. UserError for a metric that is called like another
    field.
    """
    # No two fields of one name in the log.
    told = {name: f"another {name}" if name == metric else name for name in (PARSE_OK, *FORCED)}
    try:
        return msgspec.defstruct(
            "ScoredSample",
            [
                ("value", bool | float | None, None),
                ("resps", msgspec.Raw),
                (REPEATS, dict[str, list[bool | float]] | None, None),
                (PARSE_OK, bool | float | None, None),
                *((name, msgspec.Raw, NOTHING) for name in FORCED),
            ],
            bases=(AnySample,),
            kw_only=True,
            frozen=True,
            rename={"value": metric, **told},
        )
    except ValueError:
        raise UserError(f"{metric!r}: a metric cannot be called so") from None


def is_true(field: msgspec.Raw) -> bool:
    """Whether a field that was left undecoded says true."""
    return bytes(field) == b"true"


def response_hash(said: bytes | msgspec.Raw, *, forced: bool = False) -> int:
    """64 bits of what was said, as it stands in the log; equal responses have equal hashes.

    An answer that was `forced` is not one that the student wrote by itself.
    """
    person = b"forced" if forced else b""
    digest = blake2b(bytes(said), digest_size=8, person=person).digest()
    return int.from_bytes(digest, "big", signed=True)


def _told_by(doc: msgspec.Raw) -> tuple[str, str, str, str] | None:
    try:
        place = _PLACED_DOC.decode(doc)
    except msgspec.MsgspecError:
        return None
    return place.id, place.suite, place.role, place.cluster


def _fault(error: msgspec.MsgspecError, kind: type[Any]) -> str:
    said = str(error)
    if issubclass(kind, Sample):
        for pattern, told in _TOLD:
            if match := re.fullmatch(pattern, said):
                return match.expand(told)
    return said.lower()
