"""The records an experiment trains on, and those that choices may be made on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console

from harness.running.experiment import (
    BBHTeacherData,
    EmbeddedData,
    Experiment,
    QualityFilter,
    RecordsData,
)
from harness.running.run_directory import RunDirectory
from tasks.errors import UserError
from tasks.records.record import CoTRecord, read_records, write_records
from tasks.records.splits import hash_order, split_ids

BBH_TEACHER = "code-davinci-002"


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Train and dev records after the experiment's choice among them.

    `left_out` counts the training records that `train_on` did not choose.
    """

    train: list[CoTRecord]
    dev: list[CoTRecord]
    left_out: int = 0

    @property
    def fingerprint(self) -> str:
        """sha256 over the training records."""
        digest = hashlib.sha256()
        for record in self.train:
            digest.update(json.dumps(asdict(record), sort_keys=True).encode())
        return digest.hexdigest()


def training_data(experiment: Experiment, data_dir: Path | None) -> TrainingData:
    """Load, split and choose the records; no test item is ever among them."""
    match experiment.data:
        case EmbeddedData() as embedded:
            train, dev = _embedded(embedded)
        case BBHTeacherData():
            train, dev = _bbh_teacher(data_dir)
        case RecordsData() as records:
            train, dev = _record_files(records)
    offered = len(train)
    train = _chosen(train, experiment.train_on)
    left_out = offered - len(train)
    if experiment.train_limit is not None:
        train = _subset(train, experiment.train_limit)
    if not train:
        raise UserError("data: no record is left to train on")
    if bare := [record.id for record in train if not record.rationale.strip()]:
        raise UserError(
            f"data: {len(bare)} of {len(train)} training records have no rationale "
            f"(first: {', '.join(bare[:3])}); add them or take these records out"
        )
    if experiment.select == "dev_accuracy" and not dev:
        raise UserError("select: dev_accuracy needs dev records; give data.dev")
    return TrainingData(train, _subset(dev, experiment.dev_limit or len(dev)), left_out)


def _chosen(
    records: list[CoTRecord], train_on: Literal["correct", "all"] | QualityFilter
) -> list[CoTRecord]:
    """The records whose answers, and whose rationales where a score is asked for, are good."""
    if isinstance(train_on, QualityFilter):
        from tasks.quality.assess import assess_records

        # All chains of a question are heard before any is left out: they vouch for one another.
        scores = [quality.score for quality in assess_records(records)]
        sound = [r for r, s in zip(records, scores, strict=True) if s >= train_on.quality]
        return _chosen(sound, train_on.answers)
    return [r for r in records if r.teacher_correct or train_on == "all"]


def write_training_data(run: RunDirectory, data: TrainingData, console: Console) -> None:
    """Keep the records in the run directory, and tell how many they are."""
    write_records(run.train_file, data.train)
    write_records(run.dev_file, data.dev)
    left_out = f" ({data.left_out} left out by train_on)" if data.left_out else ""
    console.print(
        f"training data: {len(data.train)} records{left_out}, {len(data.dev)} dev records"
    )


def _embedded(data: EmbeddedData) -> tuple[list[CoTRecord], list[CoTRecord]]:
    from tasks.procedural.suite import training_records

    records = training_records(
        seed=data.seed,
        per_family=data.per_family,
        rho=data.rho,
        noise=data.noise,
        paths=data.paths,
    )
    # The generator keeps test questions apart itself; the split only takes out a dev part.
    splits = split_ids({record.id: record.task for record in records})
    return (
        [r for r in records if splits[r.id] != "dev"],
        [r for r in records if splits[r.id] == "dev"],
    )


def _bbh_teacher(data_dir: Path | None) -> tuple[list[CoTRecord], list[CoTRecord]]:
    from tasks.files import read_json
    from tasks.records.importer import import_completions

    if data_dir is None:
        raise UserError("data.source: bbh_teacher needs the data directory: --data or CASCOD_DATA")
    imported = import_completions(
        data_dir / "bbh_teacher",
        teacher=BBH_TEACHER,
        descriptions=read_json(data_dir / "bbh" / "descriptions.json", dict),
        keep_clusters=False,  # the paper's split
    )
    return imported.records["train"], imported.records["dev"]


def _record_files(data: RecordsData) -> tuple[list[CoTRecord], list[CoTRecord]]:
    return read_records(data.train), read_records(data.dev) if data.dev else []


def _subset(records: Sequence[CoTRecord], limit: int) -> list[CoTRecord]:
    chosen = set(hash_order(record.id for record in records)[:limit])
    return [record for record in records if record.id in chosen]
