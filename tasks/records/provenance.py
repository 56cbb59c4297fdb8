"""Where a record's chain comes from, and on which terms it may be used: `CoTRecord.meta`.

What `cascod collect` knows of a chain stands in `meta["chain"]`; what only people know, in
`meta["provenance"]`: its licence, who may see it, until when it may be kept, when it was written.
`meta["wrong_chain"]` holds the same of the wrong chain beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from tasks.errors import UserError
from tasks.records.of_chain import CHAIN, PROVENANCE, REVIEW, WRONG_CHAIN
from tasks.records.record import CoTRecord
from tasks.records.review import verdict_of

NAMED = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """What people say of records: dates in ISO 8601 (2027-01-31), "" where nothing is said.

    `keep_until` is the last day on which they may be kept and trained on.
    """

    licence: str = ""
    access: str = ""
    keep_until: str = ""
    written: str = ""

    def of(self, record: CoTRecord) -> CoTRecord:
        """The record on these terms; what they do not say stays as it was."""
        said = {name: value for name, value in asdict(self).items() if value}
        if not said:
            return record
        known = asdict(_terms(record.meta, record.id)) | said
        told = {name: value for name, value in known.items() if value}
        return replace(record, meta=record.meta | {PROVENANCE: told})


@dataclass(frozen=True, slots=True)
class Provenance:
    """Everything known of where a record's chains come from; "" and () where it is not known.

    Of the record's own chain and the wrong one beside it, but for `written`, when the own one was,
    and `verdict`, what its readers found.
    """

    teachers: tuple[str, ...]
    models: tuple[str, ...]
    servers: tuple[str, ...]
    prompts: tuple[str, ...]
    written: str
    terms: Terms
    readers: tuple[str, ...]
    verdict: str


def terms_of(record: CoTRecord) -> Terms:
    """The terms that hold of a record: its own and those of the wrong chain beside it, the earlier
    day of both. UserError where they are none.
    """
    own = _terms(record.meta, record.id)
    wrong = _terms(_object(record.meta, WRONG_CHAIN), record.id)
    return Terms(
        licence=_both(own.licence, wrong.licence),
        access=_both(own.access, wrong.access),
        keep_until=min(filter(None, (own.keep_until, wrong.keep_until)), default=""),
        written=own.written,
    )


def provenance_of(record: CoTRecord) -> Provenance:
    """What is known of the record's chain, and of the wrong one beside it."""
    terms = terms_of(record)
    own, wrong = _object(record.meta, CHAIN), _object(record.meta, WRONG_CHAIN)
    chains = [own, wrong]
    readers = [*_readers(record.meta), *_readers(wrong)]
    return Provenance(
        teachers=tuple(dict.fromkeys((record.teacher, *_known([wrong], "teacher")))),
        models=_known(chains, "served_model") or _known(chains, "model"),
        servers=_known(chains, "server"),
        prompts=_known(chains, "prompt_sha256"),
        written=terms.written or str(own.get("date") or "")[:10],
        terms=terms,
        readers=tuple(dict.fromkeys(readers)),
        verdict=verdict_of(record.meta) or "",
    )


def with_wrong_origin(meta: Mapping[str, Any], wrong: CoTRecord) -> dict[str, Any]:
    """The meta with the origin and the terms of a record whose wrong chain is put beside it."""
    told = {PROVENANCE: wrong.meta[PROVENANCE]} if PROVENANCE in wrong.meta else {}
    told = _object(wrong.meta, CHAIN) | told
    if not told:
        return dict(meta)
    return {**meta, WRONG_CHAIN: _object(meta, WRONG_CHAIN) | {"teacher": wrong.teacher} | told}


def is_day(text: str) -> bool:
    """Whether a text is a day in the form 2027-01-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_expired(record: CoTRecord, today: date) -> bool:
    """Whether the last day on which the record may be kept has passed."""
    until = terms_of(record).keep_until
    return bool(until) and date.fromisoformat(until) < today


def refuse_expired(records: Iterable[CoTRecord], today: date, where: str) -> None:
    """UserError that names records which may not be kept any longer."""
    expired = [record for record in records if is_expired(record, today)]
    if expired:
        days = min(terms_of(record).keep_until for record in expired)
        first = ", ".join(record.id for record in expired[:NAMED])
        raise UserError(
            f"{where}: {len(expired)} records may not be kept any longer (first: {first}; until "
            f"{days}); remove them with cascod data forget FILE --expired, or, where they may be "
            "kept after all, say so with cascod data mark FILE --keep-until DAY --out FILE"
        )


def _terms(meta: Mapping[str, Any], record: str) -> Terms:
    told = meta.get(PROVENANCE, {})
    known = Terms.__dataclass_fields__
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise UserError(f"record {record}: meta.provenance must be an object of texts")
    if unknown := sorted(set(told) - set(known)):
        raise UserError(
            f"record {record}: meta.provenance has no {unknown[0]!r}; known: {', '.join(known)}"
        )
    for name in ("keep_until", "written"):
        if name in told and not is_day(told[name]):
            raise UserError(
                f"record {record}: meta.provenance.{name} is {told[name]!r}, not a day such as "
                "2027-01-31"
            )
    return Terms(**told)


def _both(one: str, other: str) -> str:
    return " and ".join(dict.fromkeys(filter(None, (one, other))))


def _known(chains: Sequence[Mapping[str, Any]], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(chain[name]) for chain in chains if chain.get(name)))


def _readers(meta: Mapping[str, Any]) -> list[str]:
    names = _object(meta, REVIEW).get("reviewers")
    return list(map(str, names)) if isinstance(names, list) else []


def _object(meta: Mapping[str, Any], name: str) -> dict[str, Any]:
    told = meta.get(name)
    return told if isinstance(told, dict) else {}
