"""Personal data in the texts of records: what there is, and records without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from tasks.personal_data.find import find
from tasks.personal_data.finding import Finder, Kind
from tasks.personal_data.masking import Masking
from tasks.records.of_chain import CHAIN, PROVENANCE, REVIEW, WRONG_CHAIN
from tasks.records.record import CoTRecord, WrongChain

# Of `CoTRecord.meta`: where a chain comes from, which has to stay readable.
ORIGINS = (CHAIN, WRONG_CHAIN, PROVENANCE, REVIEW)


@dataclass(frozen=True, slots=True)
class Redacted:
    """Records with placeholders, how much was masked, which `kept` what their answer needs, and
    which are `named` by personal data: it stands in what they are told apart by.
    """

    records: list[CoTRecord]
    masked: Counter[Kind]
    kept: list[str]
    named: list[str]


def redacted(records: Iterable[CoTRecord], more: Iterable[Finder] = ()) -> Redacted:
    """The records with personal data masked, ids, names of tasks, clusters and teachers, and what
    is told of their origin aside.

    An answer and options stay as they are, and so does what they need to be read.
    """
    finders = tuple(more)
    masking, masked, kept, named = Masking(finders), [], [], []
    for record in records:
        before = masking.spared.total()
        masked.append(_masked(record, masking))
        if masking.spared.total() > before:
            kept.append(record.id)
        if any(find(name, finders) for name in _names(record)):
            named.append(record.id)
    return Redacted(masked, masking.masked, kept, named)


def personal_data_in(
    records: Iterable[CoTRecord], more: Iterable[Finder] = ()
) -> tuple[Counter[Kind], int]:
    """How often each kind stands in the records' texts, those that are not masked included, and in
    how many records.
    """
    counts: Counter[Kind] = Counter()
    finders, holding = tuple(more), 0
    for record in records:
        kinds = [found.kind for text in _texts(record) for found in find(text, finders)]
        counts.update(kinds)
        holding += bool(kinds)
    return counts, holding


def _masked(record: CoTRecord, masking: Masking) -> CoTRecord:
    answers = (record.answer, *record.options)

    def mask(content: Any) -> Any:
        if isinstance(content, str):
            return masking.mask(content, answers)
        if isinstance(content, dict):
            return {mask(name): mask(value) for name, value in content.items()}
        return [mask(value) for value in content] if isinstance(content, list) else content

    dual = record.dual
    return replace(
        record,
        description=mask(record.description),
        question=mask(record.question),
        rationale=mask(record.rationale),
        teacher_answer=mask(record.teacher_answer),
        dual=WrongChain(mask(dual.rationale), mask(dual.answer)) if dual else None,
        meta={
            name: value if name in ORIGINS else mask(value) for name, value in record.meta.items()
        },
    )


def _texts(record: CoTRecord) -> Iterator[str]:
    yield from _names(record)
    yield from (record.description, record.question, record.rationale)
    yield from (record.answer, *record.options, record.teacher_answer)
    if record.dual:
        yield from (record.dual.rationale, record.dual.answer)
    yield from _strings({n: value for n, value in record.meta.items() if n not in ORIGINS})


def _names(record: CoTRecord) -> set[str]:
    """What a record is told from others by."""
    return {record.id, record.task, record.cluster, record.teacher}


def _strings(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        yield from content
        yield from _strings(list(content.values()))
    elif isinstance(content, list):
        for value in content:
            yield from _strings(value)
