"""What a run needs before its first cell: training data, students, and where all of it comes from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console

from harness.running.asked_suites import load_asked
from harness.running.context import Context
from harness.running.evidence import refuse_other_data, weights_of
from harness.running.experiment import Experiment
from harness.running.preflight import preflight
from harness.running.progress_board import clock
from harness.running.provenance import write_provenance
from harness.running.run_directory import Cell, RunDirectory
from harness.running.training_data import training_data
from reports.logs.evidence import Evidence
from tasks.records.record import write_records
from trainers.students.sources import resolve_student, student_note


def prepare(
    run: RunDirectory,
    experiment: Experiment,
    data_dir: Path | None,
    console: Console,
    todo: Sequence[Cell],
) -> Context:
    """Write the training data, build or find the students, and note where everything comes from.

    UserError, before anything is trained, where the data are not those the run began with, or where a
    cell could not be done to its end.
    """
    data = training_data(experiment, data_dir)
    suites = load_asked(experiment, data_dir)
    evidence = Evidence(data.fingerprint, suites.fingerprints, {})
    # Before a student is built, which may take long, and before the records there are written over.
    refuse_other_data(run.root, evidence)
    write_records(run.train_file, data.train)
    write_records(run.dev_file, data.dev)
    console.print(f"training data: {len(data.train)} records, {len(data.dev)} dev records")
    locations = {}
    for student in experiment.students:
        started = time.monotonic()
        locations[student.name] = resolve_student(
            student.source, partial(_report_pretraining, console, student.name)
        )
        console.print(f"student {student.name}: ready after {clock(time.monotonic() - started)}")
    weights = {name: weights_of(location) for name, location in locations.items()}
    evidence = replace(evidence, students=weights)
    refuse_other_data(run.root, evidence)
    context = Context(run, experiment, data_dir, evidence, locations)
    preflight(context, todo, data, suites)
    if not run.provenance_file.exists():
        write_provenance(
            run.provenance_file,
            data={
                "train_records": len(data.train),
                "dev_records": len(data.dev),
                "train_fingerprint": data.fingerprint,
            },
            students={
                s.name: {
                    "source": s.source,
                    "note": student_note(s.source),
                    "weights_fingerprint": weights[s.name],
                }
                for s in experiment.students
            },
        )
    return context


def _report_pretraining(console: Console, student: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        console.print(f"student {student}: pre-training step {done} of {total}")
