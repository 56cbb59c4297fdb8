"""What would end a run after hours, found before its first training step."""

from __future__ import annotations

from collections.abc import Sequence

from harness.engines.open_server import refuse_missing_server
from harness.evaluation.evaluate import requests_for
from harness.evaluation.evaluation_suites import LoadedSuites
from harness.running.context import Context
from harness.running.done import undone_steps
from harness.running.left_checkpoints import refuse_foreign_checkpoints, refuse_lost_starts
from harness.running.own_requests import own_requests
from harness.running.run_directory import Cell
from harness.running.stored_completions import stored_student
from harness.running.student_fits import (
    reader,
    refuse_impossible_context,
    refuse_long_prompts,
    refuse_long_records,
    refuse_missing_targets,
)
from harness.running.training_data import TrainingData
from harness.running.unfit_teacher import refuse_unfit_teacher


def preflight(
    context: Context, todo: Sequence[Cell], data: TrainingData, suites: LoadedSuites
) -> None:
    """UserError for whatever of the cells still to do cannot be done.

    A checkpoint of another method or of other data; records or prompts that do not fit a student's
    context, LoRA on matrices that it does not have, a teacher that reads other tokens; stored
    completions that lack items; a server that is down, or a command that is not there.
    """
    undone = {cell: undone_steps(context.experiment, cell, context.folder(cell)) for cell in todo}
    refuse_foreign_checkpoints(context, [cell for cell in todo if cell.seed is not None])
    refuse_lost_starts(context, undone)
    if any(undone.values()) and (server := context.experiment.decoding.asked_server):
        refuse_missing_server(server)
    requests = requests_for(suites)
    for stored in context.experiment.stored:
        if any(left for cell, left in undone.items() if cell.student == stored.name):
            teacher = stored_student(stored, context.data_dir)
            requested = requests_for(suites.only(stored.suite))
            teacher.reply(requested, context.decoding(stored.name))
    for student in context.experiment.students:
        pending = [cell for cell, left in undone.items() if cell.student == student.name and left]
        if not pending:
            continue
        read_by = reader(student, context.locations[student.name])
        refuse_impossible_context(context.experiment, read_by)
        if any("train" in undone[cell] for cell in pending):
            refuse_missing_targets(context.experiment, read_by)
        for spec in context.experiment.methods:
            left = [undone[cell] for cell in pending if cell.method == spec.label]
            if any("train" in steps for steps in left):
                refuse_long_records(context.experiment, read_by, spec, data.train)
                refuse_unfit_teacher(context, read_by, spec, data)
            if left:
                own = own_requests(context.experiment, spec, data)
                refuse_long_prompts(
                    context.decoding(student.name), read_by, spec, [*requests, *own]
                )
