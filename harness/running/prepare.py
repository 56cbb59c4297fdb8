"""What a run needs before its first cell: data, students, and where all of it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from harness.running.asked_suites import load_asked
from harness.running.build_students import build_students
from harness.running.context import Context
from harness.running.evidence import same_evidence, weights_of
from harness.running.experiment import Experiment
from harness.running.preflight import preflight
from harness.running.provenance import write_provenance
from harness.running.rationale_limits import rationale_limits
from harness.running.run_directory import Cell, RunDirectory
from harness.running.training_data import training_data, write_training_data
from reports.rendering.terminal import plain


def prepare(
    run: RunDirectory,
    experiment: Experiment,
    data_dir: Path | None,
    console: Console,
    todo: Sequence[Cell],
    *,
    allow_overlap: bool = False,
) -> Context:
    """Write the training data, build or find the students, and note where everything comes from.

    UserError, before anything is trained, where the data are not those the run began with, where a
    suite asks what was trained on, unless `allow_overlap`, or where a cell could not be done to its
    end.
    """
    from harness.running.refuse_overlap import check_run

    data = training_data(experiment, data_dir)
    suites = load_asked(experiment, data_dir)
    # Before a student is built, which may take long, and before the records there are written over.
    same_evidence(run.root, data.fingerprint, suites.fingerprints, {})
    for found in check_run(run, experiment, data_dir, data.train, allow=allow_overlap):
        console.print(f"overlap: {plain(str(found))}", highlight=False)
    write_training_data(run, data, console)
    locations = build_students(experiment, console)
    weights = {name: weights_of(location) for name, location in locations.items()}
    evidence = same_evidence(run.root, data.fingerprint, suites.fingerprints, weights)
    limits = rationale_limits(run, experiment, data, locations, console)
    context = Context(run, experiment, data_dir, evidence, locations, limits)
    preflight(context, todo, data, suites)
    if not run.provenance_file.exists():
        write_provenance(run.provenance_file, experiment, data, locations, weights)
    return context
