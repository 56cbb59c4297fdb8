"""What a run rests on, and that it is still what the run began with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from harness.evaluation.fingerprint import student_fingerprint
from reports.logs.evidence import Evidence, differences, evidence_of_cell
from reports.logs.plan import registered_evidence
from reports.logs.run_files import CELLS, REPEATED_CELLS
from tasks.errors import UserError
from tasks.files import read_json


def weights_of(location: str) -> str:
    """A student's fingerprint, of a directory's weights or of a hub id with its commit."""
    if Path(location).is_dir():
        return student_fingerprint(location, None)
    from transformers import AutoConfig

    return student_fingerprint(location, AutoConfig.from_pretrained(location))


def same_evidence(
    run_dir: Path, training: str, suites: Mapping[str, str], students: Mapping[str, str]
) -> Evidence:
    """These fingerprints together; UserError where the run was planned on others, or has cells
    that were.
    """
    now = Evidence(training, suites, students)
    for where, then in _known(run_dir):
        if changed := list(differences(then, now)):
            what = ", ".join(changed)
            raise UserError(
                f"{run_dir}: {what} changed since this run began (see {where}); "
                "restore it, or give a new directory with --out"
            )
    return now


def _known(run_dir: Path) -> Iterator[tuple[str, Evidence]]:
    yield "plan.json", registered_evidence(run_dir)
    for folder in (CELLS, REPEATED_CELLS):
        for file in sorted(run_dir.glob(f"{folder}/*/*/*/eval/run.json")):
            yield str(file.relative_to(run_dir)), evidence_of_cell(read_json(file))
