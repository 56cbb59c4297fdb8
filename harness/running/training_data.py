"""The records an experiment trains on, and those that choices may be made on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from harness.running.data_sources import ChosenChains
from harness.running.experiment import Experiment
from harness.running.read_sources import read_source
from harness.running.run_directory import RunDirectory
from harness.running.trained_on import trained_on
from tasks.errors import UserError
from tasks.records.choose_chains import choose_chains
from tasks.records.pairs import PairCounts
from tasks.records.provenance import refuse_expired
from tasks.records.record import CoTRecord, write_records
from tasks.records.splits import hash_order
from trainers.methods import load_method


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Train and dev records after the experiment's choice among them, and what became of pairs.

    `left_out` counts the training records that `train_on` did not choose.
    """

    train: list[CoTRecord]
    dev: list[CoTRecord]
    paired: PairCounts | None = None
    left_out: int = 0

    @property
    def fingerprint(self) -> str:
        """sha256 over the training records."""
        digest = hashlib.sha256()
        for record in self.train:
            digest.update(json.dumps(record.to_row(), sort_keys=True).encode())
        return digest.hexdigest()


def training_data(experiment: Experiment, data_dir: Path | None) -> TrainingData:
    """Load, split and choose the records; no test item is ever among them."""
    read = read_source(experiment.data, data_dir)
    train, dev = read.train, read.dev
    refuse_expired([*train, *dev], datetime.now(UTC).date(), "data")
    offered = len(train)
    train = trained_on(train, experiment.train_on)
    left_out = offered - len(train)
    if isinstance(experiment.data, ChosenChains) and (each := experiment.data.chains_each):
        train = choose_chains(train, each, experiment.data.choose or "random")
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
    for spec in experiment.methods:
        if (method := load_method(spec.name)).rows is not None:
            method.chosen(train)  # refuses what it cannot train on
    chosen_dev = _subset(dev, experiment.dev_limit or len(dev))
    return TrainingData(train, chosen_dev, read.paired, left_out)


def write_training_data(run: RunDirectory, data: TrainingData, console: Console) -> None:
    """Keep the records in the run directory, and tell how many they are."""
    write_records(run.train_file, data.train)
    write_records(run.dev_file, data.dev)
    for line in told(data):
        console.print(line)


def told(data: TrainingData) -> list[str]:
    """How many records there are, and how many of them are told of pairs of chains."""
    lines = data.paired.told if data.paired else []
    left_out = f" ({data.left_out} left out by train_on)" if data.left_out else ""
    lines.append(f"training data: {len(data.train)} records{left_out}, {len(data.dev)} dev records")
    if dual := sum(record.dual is not None for record in data.train):
        rectified = sum(record.rectified for record in data.train)
        lines.append(
            f"of them with a wrong chain beside the right one: {dual}; rectified: {rectified}"
        )
    return lines


def _subset(records: Sequence[CoTRecord], limit: int) -> list[CoTRecord]:
    chosen = set(hash_order(record.id for record in records)[:limit])
    return [record for record in records if record.id in chosen]
