"""What a plan is tested on, by fingerprints: training data, suites' items, students' weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reports.logs.run_files import SeedRun


@dataclass(frozen=True, slots=True)
class Evidence:
    """Fingerprints of the training records, of each suite's items and of each student's weights."""

    training: str
    suites: Mapping[str, str]
    students: Mapping[str, str]

    def to_row(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Evidence:
        """From plain JSON; what was not written then is empty and compares with nothing."""
        return cls(
            training=str(content.get("training") or ""),
            suites=dict(content.get("suites") or {}),
            students=dict(content.get("students") or {}),
        )


def evidence_of_cell(run: Mapping[str, Any]) -> Evidence:
    """What a cell's run.json says it was trained and asked on; nothing where it was written
    before.
    """
    trained = run.get("seed") is not None
    student = run.get("student_fingerprint")
    return Evidence(
        training=str(run.get("data_fingerprint") or "") if trained else "",
        suites=dict(run.get("suite_fingerprints") or {}),
        students={str(run["student"]): str(student)} if student else {},
    )


def differences(then: Evidence, now: Evidence) -> Iterator[str]:
    """What both know and is not the same in both, by its name."""
    if then.training and now.training and then.training != now.training:
        yield "the training data"
    for name, known in then.suites.items():
        if now.suites.get(name, known) != known:
            yield f"the items of suite {name}"
    for name, known in then.students.items():
        if now.students.get(name, known) != known:
            yield f"the weights of student {name}"


def foreign_cells(registered: Evidence, runs: Iterable[SeedRun]) -> Iterator[str]:
    """Which cells rest on other data than was registered or, where nothing was, than the first
    cell.

    A sentence for each thing that differs.
    """
    reference = registered
    found: dict[str, list[str]] = {}
    for run in runs:
        own = evidence_of_cell(run.info)
        for what in differences(reference, own):
            seed = "" if run.info["seed"] is None else f" seed {run.info['seed']}"
            name = f"{run.info['student']} / {run.info['method']}{seed}"
            found.setdefault(what, []).append(name)
        reference = Evidence(
            reference.training or own.training,
            {**own.suites, **reference.suites},
            {**own.students, **reference.students},
        )
    for what, names in found.items():
        yield f"{what} differ in {', '.join(names)}"
