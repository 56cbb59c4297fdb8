"""What a run needs before its first cell: training data, students, and where all of it comes from."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from rich.console import Console

from harness.evaluation.fingerprint import weights_fingerprint
from harness.running.context import Context
from harness.running.experiment import Experiment
from harness.running.progress_board import clock
from harness.running.provenance import provenance
from harness.running.run_directory import RunDirectory
from harness.running.training_data import training_data
from reports.rendering.terminal import plain
from tasks.files import write_json
from tasks.records.record import write_records
from trainers.students.sources import resolve_student, student_note


def prepare(
    run: RunDirectory,
    experiment: Experiment,
    data_dir: Path | None,
    console: Console,
    *,
    allow_overlap: bool = False,
) -> Context:
    """Write the training data, build or find the students, and note where everything comes from.

    UserError before anything is trained where a suite asks what was trained on, unless `allow_overlap`.
    """
    from harness.running.refuse_overlap import check_run

    data = training_data(experiment, data_dir)
    locations: dict[str, str] = {}
    context = Context(run, experiment, data_dir, data.fingerprint, locations)
    for found in check_run(context, data.train, allow=allow_overlap):
        console.print(f"overlap: {plain(str(found))}", highlight=False)
    write_records(run.train_file, data.train)
    write_records(run.dev_file, data.dev)
    console.print(f"training data: {len(data.train)} records, {len(data.dev)} dev records")
    for student in experiment.students:
        started = time.monotonic()
        locations[student.name] = resolve_student(
            student.source, partial(_report_pretraining, console, student.name)
        )
        console.print(f"student {student.name}: ready after {clock(time.monotonic() - started)}")
    if not run.provenance_file.exists():
        write_json(
            run.provenance_file,
            provenance(
                data={
                    "train_records": len(data.train),
                    "dev_records": len(data.dev),
                    "train_fingerprint": data.fingerprint,
                },
                students={
                    s.name: {
                        "source": s.source,
                        "note": student_note(s.source),
                        "weights_fingerprint": weights_fingerprint(Path(locations[s.name]))
                        if Path(locations[s.name]).is_dir()
                        else None,
                    }
                    for s in experiment.students
                },
            ),
        )
    return context


def _report_pretraining(console: Console, student: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        console.print(f"student {student}: pre-training step {done} of {total}")
