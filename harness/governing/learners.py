"""Which students learned a record: told from the training records that every run keeps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from harness.running.cells import DONE
from reports.logs.run_files import CELLS, DEV_RECORDS, REPEATED_CELLS, TRAINING_RECORDS
from tasks.errors import UserError
from tasks.records.record import CoTRecord, read_records

# Folders of a cell that hold a student's weights, and the file that says that it was trained.
WEIGHTS = ("checkpoint", "trainer")
TRAINED = DONE["train"]


@dataclass(frozen=True, slots=True)
class LearnedStudent:
    """A trained cell's folder, and whether weights of it are still there."""

    folder: Path
    has_weights: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """A run that was given some of the records, and the students that it has trained.

    `by_chain` records are in its training data with the same question and chain, `by_id` others
    with the same task and id alone (masked or corrected since, perhaps). `only_chosen_by` are among
    the dev records: checkpoints were chosen by them, not trained on them.
    """

    run: Path
    by_chain: int
    by_id: int
    only_chosen_by: int
    students: tuple[LearnedStudent, ...]


def learned(folders: Iterable[Path], records: Iterable[CoTRecord]) -> list[Learned]:
    """The runs in these folders, sweeps' included, that any of the records went into."""
    wanted = list(records)
    found = [_learned_in(run, wanted) for folder in folders for run in _runs_in(folder)]
    return [each for each in found if each.by_chain or each.by_id or each.only_chosen_by]


def chains_of(record: CoTRecord) -> set[str]:
    """A hash for each chain of a record, of its question and the chain's text."""
    texts = [record.rationale, *([record.dual.rationale] if record.dual else [])]
    return {
        sha256(json.dumps([record.question, text]).encode()).hexdigest() for text in texts if text
    }


def _runs_in(folder: Path) -> Iterator[Path]:
    files = sorted(folder.rglob(TRAINING_RECORDS))
    if not files:
        raise UserError(f"{folder}: no run here, or in it (no {TRAINING_RECORDS})")
    yield from (file.parent.parent for file in files)


def _learned_in(run: Path, wanted: list[CoTRecord]) -> Learned:
    trained = read_records(run / TRAINING_RECORDS)
    dev = read_records(run / DEV_RECORDS) if _has_rows(run / DEV_RECORDS) else []
    by_chain, by_id = _matching(wanted, trained)
    dev_chains, dev_ids = _matching(wanted, dev)
    return Learned(
        run=run,
        by_chain=len(by_chain),
        by_id=len(by_id),
        only_chosen_by=len((dev_chains | dev_ids) - by_chain - by_id),
        students=tuple(_students_of(run)),
    )


def _matching(wanted: list[CoTRecord], there: list[CoTRecord]) -> tuple[set[int], set[int]]:
    """The places of wanted records that are there by a chain, and of others by task and id."""
    chains = {chain for record in there for chain in chains_of(record)}
    ids = {(record.task, record.id) for record in there}
    by_chain = {place for place, record in enumerate(wanted) if chains_of(record) & chains}
    by_id = {place for place, record in enumerate(wanted) if (record.task, record.id) in ids}
    return by_chain, by_id - by_chain


def _students_of(run: Path) -> Iterator[LearnedStudent]:
    """All trained cells: a run's methods are given the same records, whatever they take of them."""
    for cells in (CELLS, REPEATED_CELLS):
        for folder in sorted(run.glob(f"{cells}/*/*/seed*")):
            has_weights = any((folder / name).is_dir() for name in WEIGHTS)
            if has_weights or (folder / TRAINED).exists():
                yield LearnedStudent(folder, has_weights)


def _has_rows(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
