"""A run directory as arrays: the items asked and, for each system, one row of outcomes a seed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.logs.failed_cells import FailedCell, failed_cells
from reports.logs.plan import Registration, registration
from reports.logs.run_files import CELLS, FAILED, REPEATED_CELLS, SeedRun, read_seed_run
from reports.logs.sample_files import FLAGS, KEY, read_samples
from reports.statistics.contrast import Contrast, compare, same_responses
from reports.statistics.item_design import ItemDesign
from reports.statistics.weights import design_of, suites_of
from tasks.errors import UserError
from tasks.files import read_json, read_yaml

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class System:
    """A (student, method); arrays have shape (seeds, items), in the order of `RunData.items`.

    `evaluated` (items,) marks the suites that this system was asked; outside them the arrays are
    False. A seed of None means that nothing was trained (an untrained student, a stored teacher).
    """

    student: str
    method: str
    runs: tuple[SeedRun, ...]
    evaluated: Bools
    correct: Bools
    parse_ok: Bools
    rationale_truncated: Bools
    answer_truncated: Bools
    responses: NDArray[np.int64]

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """The training seeds, one for each row of the arrays."""
        return tuple(run.info["seed"] for run in self.runs)

    @property
    def name(self) -> str:
        """How the system is called in a message."""
        return f"{self.student} / {self.method}"

    @property
    def trained(self) -> bool:
        """Whether training seeds are part of this system at all."""
        return None not in self.seeds

    def at(self, chosen: Bools) -> System | None:
        """The system on the `chosen` items (items,) alone; None where it was not asked all of them."""
        return self.part(chosen) if self.evaluated[chosen].all() else None

    def part(self, chosen: Bools, without: Collection[int] = ()) -> System:
        """The system on the `chosen` items (items,), asked or not, without some of its seeds."""
        rows = np.array([seed not in without for seed in self.seeds])
        part = np.ix_(rows, chosen)
        return replace(
            self,
            runs=tuple(run for run, row in zip(self.runs, rows, strict=True) if row),
            evaluated=self.evaluated[chosen],
            correct=self.correct[part],
            parse_ok=self.parse_ok[part],
            rationale_truncated=self.rationale_truncated[part],
            answer_truncated=self.answer_truncated[part],
            responses=self.responses[part],
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """Systems on the items of an estimand: their arrays (seeds, items) in the order of `design`."""

    systems: tuple[System, ...]
    design: ItemDesign

    @property
    def difference(self) -> Contrast:
        """The paired contrast of the first two systems, first - second."""
        first, second = self.systems[:2]
        return compare(
            first.correct,
            second.correct,
            self.design,
            identical=same_responses(first.responses, second.responses),
        )


@dataclass(frozen=True, slots=True)
class RunData:
    """Everything a report is computed from.

    `items` has one row an item (suite, role, task, id, cluster, gold), suites in reporting order.
    `repeats` are cells that were run again with nothing changed, one seed each.
    `failed` are cells whose training went wrong. `notes` says what was passed over while reading.
    """

    items: pd.DataFrame
    systems: tuple[System, ...]
    experiment: dict[str, Any]
    provenance: dict[str, Any]
    registration: Registration
    repeats: tuple[System, ...] = ()
    failed: tuple[FailedCell, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def system(self, student: str, method: str) -> System | None:
        """The system of that name, if it was evaluated."""
        matches = [s for s in self.systems if (s.student, s.method) == (student, method)]
        return matches[0] if matches else None

    def as_registered(self) -> RunData:
        """The run without the seeds and suites that came after its plan was registered."""
        added = self.registration.added
        chosen = ~self.items["suite"].isin(added.suites).to_numpy(dtype=bool)
        systems = (system.part(chosen, added.seeds) for system in self.systems)
        return replace(
            self,
            items=self.items[chosen].reset_index(drop=True),
            systems=tuple(system for system in systems if system.runs),
        )

    def asked(self, systems: Iterable[System | None], on: str) -> Selection | None:
        """The systems on an estimand's items.

        None where the run has no such items, or a system is lacking or was not asked all of them.
        """
        if not suites_of(self.items, on):
            return None
        chosen, design = design_of(self.items, on)
        found = [system and system.at(chosen) for system in systems]
        present = tuple(system for system in found if system is not None)
        return Selection(present, design) if len(present) == len(found) else None


def load_run(run_dir: Path) -> RunData:
    """Read a run directory; UserError says which cell, file or item is at fault."""
    if not run_dir.is_dir():
        raise UserError(f"{run_dir}: no such run directory")
    experiment = read_yaml(run_dir / "experiment.yaml")
    notes: list[str] = []
    cells, again = (_read_cells(run_dir, folder, notes) for folder in (CELLS, REPEATED_CELLS))
    failed = failed_cells(run_dir)
    if not cells and failed:
        raise UserError(
            f"{run_dir}: nothing to report; {failed[0].sentence}, and no cell was evaluated"
        )
    if not cells:
        raise UserError(f"{run_dir}: no evaluated cells under {CELLS}/; run the experiment first")
    tables = [table for cell in (*cells.values(), *again.values()) for _, table in cell]
    items = _all_items(tables, experiment)
    systems = []
    for name in sorted(cells, key=lambda name: _system_order(name, experiment)):
        runs, repeated = _distinct_checkpoints(name, cells[name])
        notes += repeated
        systems.append(_system(name, runs, items))
    return RunData(
        items=items,
        systems=tuple(systems),
        experiment=experiment,
        provenance=read_json(run_dir / "provenance.json", needed=False),
        registration=registration(
            run_dir,
            experiment,
            [run for of_system in (*cells.values(), *again.values()) for run, _ in of_system],
        ),
        repeats=tuple(_system(name, runs, items) for name, runs in again.items()),
        failed=failed,
        notes=tuple(notes),
    )


def _read_cells(
    run_dir: Path, folder: str, notes: list[str]
) -> dict[tuple[str, str], list[tuple[SeedRun, pd.DataFrame]]]:
    """The evaluated seeds of every student and method; what is passed over is added to `notes`."""
    cells: dict[tuple[str, str], list[tuple[SeedRun, pd.DataFrame]]] = {}
    for seed_dir in sorted(path for path in run_dir.glob(f"{folder}/*/*/*") if path.is_dir()):
        if (seed_dir / FAILED).exists():
            continue
        if not (seed_dir / "eval" / "run.json").exists():
            notes.append(f"{seed_dir.relative_to(run_dir)} has no evaluation yet and is left out")
            continue
        run = read_seed_run(seed_dir)
        table, passed_over = read_samples(run.directory)
        notes += passed_over
        cells.setdefault((run.info["student"], run.info["method"]), []).append((run, table))
    return cells


def _all_items(tables: list[pd.DataFrame], experiment: dict[str, Any]) -> pd.DataFrame:
    columns = [*KEY, "role", "cluster", "gold", "question"]
    items = pd.concat([table[columns] for table in tables]).drop_duplicates()
    if unlike := items[items.duplicated(KEY)].head(1).to_dict("records"):
        row = unlike[0]
        raise UserError(
            f"item {row['id']!r} of task {row['task']} is not the same question in all runs "
            "(gold, cluster, role or doc hash differs); evaluate them on the same data"
        )
    rank = {name: position for position, name in enumerate(_names(experiment, "suites"))}
    items = items.assign(rank=items["suite"].map(lambda name: rank.get(name, len(rank))))
    return items.sort_values(["role", "rank", *KEY], ignore_index=True).drop(columns="rank")


def _distinct_checkpoints(
    name: tuple[str, str], runs: list[tuple[SeedRun, pd.DataFrame]]
) -> tuple[list[tuple[SeedRun, pd.DataFrame]], list[str]]:
    """One run a checkpoint: the same weights under two seeds are no second seed."""
    kept: dict[str, tuple[SeedRun, pd.DataFrame]] = {}
    notes = []
    for run, table in sorted(runs, key=lambda pair: pair[0].info["seed"] or 0):
        fingerprint = run.info.get("checkpoint_fingerprint") or str(run.directory)
        if fingerprint in kept:
            first, second = kept[fingerprint][0].info["seed"], run.info["seed"]
            notes.append(
                f"{name[0]} / {name[1]}: seeds {first} and {second} are the same checkpoint, "
                "counted once"
            )
            continue
        kept[fingerprint] = (run, table)
    return list(kept.values()), notes


def _system(
    name: tuple[str, str], runs: list[tuple[SeedRun, pd.DataFrame]], items: pd.DataFrame
) -> System:
    suites = set().union(*(table["suite"] for _, table in runs))
    evaluated = items["suite"].isin(suites).to_numpy()
    index = pd.MultiIndex.from_frame(items[KEY])
    columns: dict[str, list[NDArray[Any]]] = {flag: [] for flag in (*FLAGS, "response")}
    for run, table in runs:
        rows = table.set_index(KEY)
        present = index.isin(rows.index)
        if lacking := items[evaluated & ~present]["id"].tolist():
            first = ", ".join(lacking[:3])
            raise UserError(
                f"{run.directory}: lacks {len(lacking)} of {int(evaluated.sum())} items that other "
                f"runs have (first: {first}); evaluate all runs on the same items"
            )
        aligned = rows.reindex(index)
        for flag in FLAGS:
            columns[flag].append(aligned[flag].eq(True).to_numpy(dtype=bool))
        columns["response"].append(_aligned_hashes(rows["response"], index, present))
    return System(
        student=name[0],
        method=name[1],
        runs=tuple(run for run, _ in runs),
        evaluated=evaluated,
        **{flag: np.stack(columns[flag]) for flag in FLAGS},
        responses=np.stack(columns["response"]),
    )


def _aligned_hashes(
    responses: pd.Series, index: pd.MultiIndex, present: Bools
) -> NDArray[np.int64]:
    hashes = np.zeros(len(index), dtype=np.int64)
    hashes[present] = responses.loc[index[present]].to_numpy(dtype=np.int64)
    return hashes


def _system_order(name: tuple[str, str], experiment: dict[str, Any]) -> tuple[Any, ...]:
    """Students and methods in the experiment's order, unlisted ones (stored completions) first."""
    student, method = name
    students, methods = _names(experiment, "students"), _names(experiment, "methods")
    return (
        students.index(student) if student in students else -1,
        student,
        methods.index(method) if method in methods else -1,
        method,
    )


def _names(experiment: dict[str, Any], key: str) -> list[str]:
    """The names of an experiment's students, methods (their labels) or suites."""
    entries = experiment.get(key) or []
    return [
        str(entry.get("label") or entry.get("name")) if isinstance(entry, dict) else str(entry)
        for entry in entries
    ]
