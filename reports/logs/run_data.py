"""A run directory as arrays: the items asked and, for each system, one row of outcomes a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from reports.items import Item, ItemKey, Items
from reports.logs.cell_samples import FLAGS, Scored, read_cell
from reports.logs.copies import copied
from reports.logs.failed_cells import FailedCell, failed_cells
from reports.logs.plan import Registration, registration
from reports.logs.run_files import (
    CELLS,
    EVALUATION,
    EXPERIMENT_FILE,
    FAILED,
    PROVENANCE_FILE,
    REPEATED_CELLS,
    RUN_FILE,
    SeedRun,
    read_seed_run,
)
from reports.logs.scorers import refuse_other_scores
from reports.logs.system import Selection, System
from reports.statistics.answers import IN_WORDS, Answers
from reports.statistics.weights import design_of, suites_of
from tasks.errors import UserError
from tasks.files import read_json, read_yaml

Cell = tuple[SeedRun, dict[ItemKey, Scored]]


@dataclass(frozen=True, slots=True)
class RunData:
    """Everything a report is computed from.

    `items` are those that any system was asked, suites in reporting order. `repeats` are cells that
    were run again with nothing changed, one seed each, `failed` those whose training went wrong.
    `notes` says what was passed over while reading.
    """

    items: Items
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
        chosen = ~np.isin(self.items.suite.astype(str), added.suites)
        systems = (system.part(chosen, added.seeds) for system in self.systems)
        return replace(
            self,
            items=self.items[chosen],
            systems=tuple(system for system in systems if system.runs),
        )

    def answered(self, answers: Answers) -> RunData:
        """The run with every system's answers counted so."""
        return replace(self, systems=tuple(system.answered(answers) for system in self.systems))

    @property
    def forced(self) -> bool:
        """Whether any answer was forced."""
        return any(system.answer_forced.any() for system in self.systems)

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
    experiment = read_yaml(run_dir / EXPERIMENT_FILE)
    notes: list[str] = []
    cells, again = (_read_cells(run_dir, folder, notes) for folder in (CELLS, REPEATED_CELLS))
    failed = failed_cells(run_dir)
    if not cells and failed:
        raise UserError(
            f"{run_dir}: nothing to report; {failed[0].sentence}, and no cell was evaluated"
        )
    if not cells:
        raise UserError(f"{run_dir}: no evaluated cells under {CELLS}/; run the experiment first")
    items = _all_items((*cells.values(), *again.values()), experiment)
    systems = []
    notes[:0] = _notices(cells)
    for name in sorted(cells, key=lambda name: _system_order(name, experiment)):
        runs, repeated = _distinct_checkpoints(name, cells[name])
        notes += repeated
        systems.append(_system(name, runs, items))
    _refuse_other_scorers(systems, items)
    return RunData(
        items=items,
        systems=tuple(systems),
        experiment=experiment,
        provenance=read_json(run_dir / PROVENANCE_FILE, needed=False),
        registration=registration(
            run_dir,
            experiment,
            [run for of_system in (*cells.values(), *again.values()) for run, _ in of_system],
        ),
        repeats=tuple(_system(name, runs, items) for name, runs in again.items()),
        failed=failed,
        notes=tuple(notes),
    )


def _read_cells(run_dir: Path, folder: str, notes: list[str]) -> dict[tuple[str, str], list[Cell]]:
    """The evaluated seeds of every student and method; what is passed over is added to `notes`."""
    cells: dict[tuple[str, str], list[Cell]] = {}
    for seed_dir in sorted(path for path in run_dir.glob(f"{folder}/*/*/*") if path.is_dir()):
        if (seed_dir / FAILED).exists():
            continue
        if not (seed_dir / EVALUATION / RUN_FILE).exists():
            notes.append(f"{seed_dir.relative_to(run_dir)} has no evaluation yet and is left out")
            continue
        run = read_seed_run(seed_dir)
        samples, passed_over = read_cell(run.directory)
        notes += passed_over
        cells.setdefault((run.info["student"], run.info["method"]), []).append((run, samples))
    return cells


def _notices(cells: Mapping[tuple[str, str], Sequence[Cell]]) -> Iterator[str]:
    """The terms and cautions that hold of each student's results."""
    told = {
        (student, run.info.get("notice")) for (student, _), runs in cells.items() for run, _ in runs
    }
    for student, notice in sorted((student, notice) for student, notice in told if notice):
        yield f"{student}: {notice}"


def _all_items(cells: Iterable[Sequence[Cell]], experiment: dict[str, Any]) -> Items:
    seen = dict.fromkeys(
        scored.item for runs in cells for _, samples in runs for scored in samples.values()
    )
    named: dict[tuple[str, str, str], Item] = {}
    for item in seen:
        if named.setdefault(item.key.name, item) != item:
            raise UserError(
                f"item {item.id!r} of task {item.task} is not the same question in all runs "
                "(gold, cluster, role or doc hash differs); evaluate them on the same data"
            )
    rank = {name: position for position, name in enumerate(_names(experiment, "suites"))}
    return Items.of(
        sorted(
            seen,
            key=lambda item: (item.role, rank.get(item.suite, len(rank)), item.key),
        )
    )


def _distinct_checkpoints(name: tuple[str, str], runs: list[Cell]) -> tuple[list[Cell], list[str]]:
    """One run a checkpoint: the same weights under two seeds are no second seed.

    Nor are runs that said the same throughout.
    """
    kept: dict[str, Cell] = {}
    said: dict[frozenset[tuple[ItemKey, int]], Any] = {}
    notes = []
    for run, samples in sorted(runs, key=lambda pair: pair[0].info["seed"] or 0):
        fingerprint = run.info.get("checkpoint_fingerprint") or str(run.directory)
        if fingerprint in kept:
            first, second = kept[fingerprint][0].info["seed"], run.info["seed"]
            notes.append(
                f"{name[0]} / {name[1]}: seeds {first} and {second} are the same checkpoint, "
                "counted once"
            )
            continue
        responses = frozenset((key, scored.response) for key, scored in samples.items())
        first = said.setdefault(responses, run.info["seed"])
        if first != run.info["seed"]:
            pair = copied(f"seed {first}", f"seed {run.info['seed']}")
            notes.append(f"{name[0]} / {name[1]}: {pair}")
            continue
        kept[fingerprint] = (run, samples)
    return list(kept.values()), notes


def _system(name: tuple[str, str], runs: list[Cell], items: Items) -> System:
    suites = {key.suite for _, samples in runs for key in samples}
    evaluated = np.array([suite in suites for suite in items.suite], dtype=bool)
    place = {key: number for number, key in enumerate(items.keys)}
    outcomes = {flag: np.zeros((len(runs), len(items)), dtype=bool) for flag in FLAGS}
    responses = np.zeros((len(runs), len(items)), dtype=np.int64)
    for seed, (run, samples) in enumerate(runs):
        if lacking := [key.id for key in items[evaluated].keys if key not in samples]:
            first = ", ".join(lacking[:3])
            raise UserError(
                f"{run.directory}: lacks {len(lacking)} of {int(evaluated.sum())} items that other "
                f"runs have (first: {first}); evaluate all runs on the same items"
            )
        places = [place[key] for key in samples]
        for flag in FLAGS:
            outcomes[flag][seed, places] = [getattr(each, flag) for each in samples.values()]
        responses[seed, places] = [each.response for each in samples.values()]
    return System(
        student=name[0],
        method=name[1],
        runs=tuple(run for run, _ in runs),
        evaluated=evaluated,
        responses=responses,
        **outcomes,
    )


def _refuse_other_scorers(systems: Sequence[System], items: Items) -> None:
    for first, second in combinations(systems, 2):
        if first.student != second.student:
            continue
        scorers = [
            f"{s.name} (rule {s.runs[0].info.get('rule', 'unknown')})" for s in (first, second)
        ]
        for suite in items.suites:
            places = np.flatnonzero(items.suite == suite)
            if first.evaluated[places].all() and second.evaluated[places].all():
                for answers in IN_WORDS:
                    pair = [system.answered(answers) for system in (first, second)]
                    refuse_other_scores(
                        scorers,
                        suite,
                        [system.correct[:, places] for system in pair],
                        [system.responses[:, places] for system in pair],
                    )


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
