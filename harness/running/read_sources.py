"""The records of an experiment's data section, read, drawn or imported."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.running.data_sources import (
    BBHTeacherData,
    DataSource,
    EmbeddedData,
    MixData,
    MixPart,
    RecordsData,
)
from tasks.errors import UserError
from tasks.records.mix import half_of, mixed
from tasks.records.pairs import PairCounts, pair_chains
from tasks.records.record import CoTRecord, read_records
from tasks.records.splits import split_ids

BBH_TEACHER = "code-davinci-002"


@dataclass(frozen=True, slots=True)
class ReadRecords:
    """Train and dev records as they come from their source, and what became of pairs."""

    train: list[CoTRecord]
    dev: list[CoTRecord]
    paired: PairCounts | None = None


def read_source(data: DataSource, data_dir: Path | None) -> ReadRecords:
    """All records of the source, none of them of a test split; UserError where it cannot be
    read.
    """
    match data:
        case EmbeddedData():
            return _embedded(data)
        case BBHTeacherData():
            return _bbh_teacher(data, data_dir)
        case RecordsData():
            return ReadRecords(read_records(data.train), _dev_file(data.dev))
        case MixData():
            return ReadRecords(_mix(data), _dev_file(data.dev))


def _embedded(data: EmbeddedData) -> ReadRecords:
    from tasks.procedural.suite import training_records

    records = training_records(
        seed=data.seed,
        per_family=data.per_family,
        rho=data.rho,
        noise=data.noise,
        paths=data.paths,
        dual=data.dual,
    )
    # The generator keeps test questions apart itself; the split only takes out a dev part.
    splits = split_ids({record.id: record.task for record in records})
    return ReadRecords(
        [r for r in records if splits[r.id] != "dev"],
        [r for r in records if splits[r.id] == "dev"],
    )


def _bbh_teacher(data: BBHTeacherData, data_dir: Path | None) -> ReadRecords:
    from tasks.files import read_json
    from tasks.records.importer import import_completions, read_chains

    if data_dir is None:
        raise UserError("data.source: bbh_teacher needs the data directory: --data or CASCOD_DATA")
    imported = import_completions(
        data_dir / "bbh_teacher",
        teacher=BBH_TEACHER,
        descriptions=read_json(data_dir / "bbh" / "descriptions.json", dict),
        keep_clusters=False,  # the paper's split
    )
    train, dev = imported.records["train"], imported.records["dev"]
    if data.rectified is None:
        return ReadRecords(train, dev)
    chains, unreadable = read_chains(data_dir / data.rectified, teacher=data.rectified.stem)
    paired = pair_chains(train, chains, unreadable=unreadable)
    return ReadRecords(paired.records, dev, paired.counts)


def _mix(data: MixData) -> list[CoTRecord]:
    parts = {name: _part(part) for name, part in data.parts.items()}
    return mixed(parts, {name: part.share for name, part in data.parts.items()}, data.records)


def _part(part: MixPart) -> list[CoTRecord]:
    records = read_records(part.file)
    return half_of(records, part.half) if part.half else records


def _dev_file(path: Path | None) -> list[CoTRecord]:
    return read_records(path) if path else []
