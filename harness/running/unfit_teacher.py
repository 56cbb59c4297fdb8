"""Whether a teacher can judge what a student writes, told without their weights."""

from __future__ import annotations

from harness.running.context import Context
from harness.running.method_spec import MethodSpec, teacher_key
from harness.running.student_fits import Reader
from harness.running.training_data import TrainingData
from trainers.checkpoint import load_without_weights


def refuse_unfit_teacher(
    context: Context, student: Reader, spec: MethodSpec, data: TrainingData
) -> None:
    """UserError where a method's teacher reads other tokens than the student, or where the records
    do not fill a step; a method without a teacher passes.
    """
    if spec.teacher is None:
        return
    from trainers.on_policy_trainer import refuse_unfit

    _, _, reads = load_without_weights(context.locations[teacher_key(spec.teacher)])
    refuse_unfit(
        spec.teacher,
        reads,
        student.tokenizer,
        records=len(spec.method.chosen(data.train)),
        batch_size=context.experiment.training.batch_size,
    )
