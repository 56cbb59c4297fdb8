"""Train one student by one method on one seed, from wherever an earlier attempt stopped."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from tasks.files import read_json, write_json
from tasks.progress import Progress
from tasks.records.record import CoTRecord
from trainers.checkpoint import load_student, writing_weights
from trainers.divergence import Diverged, refuse_broken_weights
from trainers.encoding import encode_records
from trainers.method import Method
from trainers.notice import read_notice, write_notice
from trainers.objectives import trainer_for
from trainers.protocol import LayoutName
from trainers.settings import TrainingSettings
from trainers.training_costs import TrainingCosts, training_costs

# What says that a training is done, and what it took.
TRAINING_RECORD = "training.json"
# What the trainer logged, every ten steps.
TRAINING_LOG = "training_log.json"


class StepWatch(TrainerCallback):
    """Tells how many optimizer steps are done, of how many."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Called by the trainer."""
        self.progress(state.global_step, state.max_steps)


class _Clock(TrainerCallback):
    """Keeps the seconds spent beside every checkpoint, so that those of a resumed run add up."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.earlier = float(read_json(file, float)) if file.exists() else 0.0
        self.start = time.monotonic()

    @property
    def seconds(self) -> float:
        return self.earlier + time.monotonic() - self.start

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        if state.is_world_process_zero:
            write_json(self.file, self.seconds)


def train(
    student: str,
    method: Method,
    records: Sequence[CoTRecord],
    *,
    answer_weight: float,
    settings: TrainingSettings,
    seed: int,
    data_fingerprint: str,
    work_dir: Path,
    layout: LayoutName = "plain",
    thinking: bool = False,
    max_rationale_tokens: int | None = None,
    max_answer_tokens: int | None = None,
    keep_epochs: bool = False,
    starts_from: Path | None = None,
    teacher: str | None = None,
    progress: Progress | None = None,
) -> TrainingCosts | None:
    """Fine-tune the checkpoint `student` and leave the result in `work_dir/checkpoint`.

    `starts_from` is what an earlier phase has made of that student; its LoRA adapter goes on.
    `teacher` is the checkpoint that judges what the student writes, where its method needs one.
    Its protocol keeps the layout, and where they are given the limits that it is to be asked under.
    With `keep_epochs` every epoch's checkpoint stays in `work_dir/trainer`, for selection on dev.
    `Diverged` where the loss of a step or a weight at the end is no finite number.
    Killed at any point, a second call goes on from the last complete checkpoint to the same
    weights; `work_dir/training.json`, written when the weights are there, says that it is done.
    Called by every process of a group that trains on several devices; the main one alone writes
    files and returns the costs.
    """
    # Frozen weights need no float32 copy; weights that are trained do.
    model, tokenizer = load_student(
        str(starts_from or student),
        precision=settings.precision if settings.lora else "float32",
        merge=starts_from is None,
    )
    limit = settings.max_length or model.config.max_position_embeddings
    encoded = encode_records(
        tokenizer,
        method,
        records,
        max_length=limit,
        too_long=settings.too_long,
        layout=layout,
        thinking=thinking,
    )
    protocol = replace(
        encoded.protocol,
        answer_weight=answer_weight,
        data_fingerprint=data_fingerprint,
        max_rationale_tokens=max_rationale_tokens,
        max_answer_tokens=max_answer_tokens,
    )
    work_dir.mkdir(parents=True, exist_ok=True)
    clock = _Clock(work_dir / "trainer_seconds.json")
    trainer = trainer_for(
        method,
        model,
        tokenizer,
        encoded,
        answer_weight=answer_weight,
        settings=settings,
        seed=seed,
        output_dir=work_dir / "trainer",
        keep_epochs=keep_epochs,
        teacher=teacher,
        max_new_tokens=(max_rationale_tokens or limit) + (max_answer_tokens or 0),
    )
    trainer.add_callback(clock)
    if progress:
        trainer.add_callback(StepWatch(progress))
    target, group = work_dir / "checkpoint", trainer.accelerator
    with group.main_process_first():
        earlier = last_complete_checkpoint(work_dir / "trainer")
    try:
        with writing_weights(work_dir):
            trainer.train(resume_from_checkpoint=earlier)
            refuse_broken_weights(trainer.model, trainer.state.global_step)
            trainer.save_model(str(target))
    except Diverged:
        if group.is_main_process:
            # What led there can be read; nothing can go on from it.
            write_json(work_dir / TRAINING_LOG, trainer.state.log_history, indent=1)
            shutil.rmtree(work_dir / "trainer", ignore_errors=True)
        group.wait_for_everyone()
        raise
    if not group.is_main_process:
        return None
    for folder in [*work_dir.glob("trainer/checkpoint-*"), target]:
        protocol.save(folder)
        write_notice(folder, read_notice(student))
    write_json(work_dir / TRAINING_LOG, trainer.state.log_history, indent=1)
    costs = training_costs(method, trainer, encoded, settings, seconds=clock.seconds)
    # The record first: whatever happens to this process now, nothing is trained a second time.
    write_json(work_dir / TRAINING_RECORD, costs.to_row())
    if not keep_epochs:
        shutil.rmtree(work_dir / "trainer", ignore_errors=True)
    return costs


def last_complete_checkpoint(trainer_dir: Path) -> str | None:
    """The newest checkpoint that was written to its end; half-written ones are removed."""
    complete = []
    for folder in trainer_dir.glob("checkpoint-*"):
        # The trainer writes this file last.
        if (folder / "trainer_state.json").exists():
            complete.append(folder)
        else:
            shutil.rmtree(folder)
    newest = max(complete, key=lambda folder: int(folder.name.split("-")[1]), default=None)
    return str(newest) if newest else None
