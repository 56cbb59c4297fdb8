"""The work of one cell: train a student, choose its checkpoint, evaluate it. Every step resumes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.running.experiment import (
    EmbeddedData,
    Experiment,
    MethodSpec,
    StoredCompletions,
    SuiteSpec,
)
from harness.running.progress_board import StepName
from harness.running.run_directory import Cell, RunDirectory
from reports.logs.run_files import COSTS_FILE, EVALUATION, PROBED, SAMPLED, SELECTION
from tasks.errors import UserError
from tasks.files import read_json, write_json
from tasks.records.record import read_records
from tasks.suites import suite
from trainers.methods import load_method

if TYPE_CHECKING:
    from harness.evaluation.evaluation_suites import EvaluationSuite
    from harness.evaluation.lm import CascodLM
    from harness.evaluation.stored_lm import StoredCompletionsLM
    from trainers.protocol import Protocol

StepReport = Callable[[StepName, int, int], None]


@dataclass(frozen=True, slots=True)
class Context:
    """What every cell of a run shares."""

    run: RunDirectory
    experiment: Experiment
    data_dir: Path | None
    data_fingerprint: str
    locations: dict[str, str]  # student name -> checkpoint directory or hub id


def cells(experiment: Experiment) -> list[Cell]:
    """All cells, seeds outermost so that every method has its first result early."""
    trained = [m for m in experiment.methods if load_method(m.name).rows is not None]
    untrained = [m for m in experiment.methods if load_method(m.name).rows is None]
    return [
        *(Cell(stored.name, "stored", None) for stored in experiment.stored),
        *(Cell(s.name, m.label, None) for s in experiment.students for m in untrained),
        *(
            Cell(s.name, m.label, seed)
            for seed in experiment.seeds
            for s in experiment.students
            for m in trained
        ),
    ]


def noise_floor_cells(experiment: Experiment) -> list[Cell]:
    """Each student's baseline on its first seed, to be run again with nothing changed.

    The baseline is that of the primary comparison, else the first method that trains. UserError where
    nothing trains.
    """
    trained = [m.label for m in experiment.methods if load_method(m.name).rows is not None]
    if not trained:
        raise UserError("--noise-floor runs a trained cell again, and no method here trains")
    primary = experiment.primary
    method = primary.baseline if primary and primary.baseline in trained else trained[0]
    return [Cell(s.name, method, experiment.seeds[0], repeat=True) for s in experiment.students]


def steps(experiment: Experiment, cell: Cell) -> list[StepName]:
    """The steps of a cell, in order."""
    stored = cell.student in [stored.name for stored in experiment.stored]
    sample: list[StepName] = ["sample"] if experiment.sampling and not stored else []
    probe: list[StepName] = ["probe"] if experiment.probing and not stored else []
    if cell.seed is None:
        return ["evaluate", *sample, *probe]
    select: list[StepName] = ["select"] if experiment.select == "dev_accuracy" else []
    return ["train", *select, "evaluate", *sample, *probe]


def run_cell(context: Context, cell: Cell, report: StepReport) -> None:
    """Do all steps of a cell that are not done yet."""
    folder = context.run.cell(cell)
    for step in steps(context.experiment, cell):
        done_file = folder / DONE[step]
        if done_file.exists():
            report(step, 0, 0)
        else:
            WORK[step](context, cell, folder, partial(report, step))


def _train(
    context: Context, cell: Cell, folder: Path, progress: Callable[[int, int], None]
) -> None:
    from trainers.train import train

    experiment, method = context.experiment, _method(context, cell)
    assert cell.seed is not None
    train(
        context.locations[cell.student],
        load_method(method.name),
        read_records(context.run.train_file),
        answer_weight=_answer_weight(experiment, method),
        settings=experiment.training,
        seed=cell.seed,
        data_fingerprint=context.data_fingerprint,
        work_dir=folder,
        keep_epochs=experiment.select == "dev_accuracy",
        progress=progress,
    )


def _select(
    context: Context, cell: Cell, folder: Path, progress: Callable[[int, int], None]
) -> None:
    """Take the epoch's checkpoint with the best dev accuracy, the earlier one of equals."""
    from harness.evaluation.evaluate import evaluate
    from harness.evaluation.evaluation_suites import EvaluationSuite

    candidates = sorted(
        (folder / "trainer").glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1])
    )
    dev = EvaluationSuite("dev", "ind", context.run.dev_file)
    accuracy: dict[str, float] = {}
    for index, candidate in enumerate(candidates):
        result = evaluate(
            _student_lm(context, candidate, folder, None, context.experiment.decoding),
            [dev],
            out_dir=folder / SELECTION / candidate.name,
            run_info=_run_info(context, cell),
        )
        accuracy[candidate.name] = result.accuracy
        progress(index + 1, len(candidates))
    best = max(accuracy, key=lambda name: accuracy[name])
    write_json(folder / DONE["select"], {"checkpoint": best, "dev_accuracy": accuracy})


def _evaluate(
    context: Context, cell: Cell, folder: Path, progress: Callable[[int, int], None]
) -> None:
    from harness.evaluation.evaluate import evaluate

    experiment = context.experiment
    stored = next((s for s in experiment.stored if s.name == cell.student), None)
    if stored and cell.method == "stored":
        lm: CascodLM | StoredCompletionsLM = _stored_lm(context, stored)
        suites = [s for s in experiment.suites if s.name == stored.suite]
    else:
        lm = _cell_lm(context, cell, folder, experiment.decoding)
        suites = list(experiment.suites)
    result = evaluate(
        lm,
        [_evaluation_suite(s) for s in suites],
        out_dir=folder / EVALUATION,
        run_info=_run_info(context, cell),
        task_metadata=_task_metadata(context),
        progress=progress,
    )
    training = folder / DONE["train"]
    write_json(
        folder / DONE["evaluate"],
        {
            "training": read_json(training) if training.exists() else None,
            "inference": result.costs.to_row(),
        },
    )


def _sample(
    context: Context, cell: Cell, folder: Path, progress: Callable[[int, int], None]
) -> None:
    """Ask a part of the items several times over, each time as an evaluation of its own."""
    from harness.evaluation.evaluate import evaluate

    experiment, sampling = context.experiment, context.experiment.sampling
    assert sampling is not None
    wanted = sampling.suites or tuple(spec.name for spec in experiment.suites)
    suites = [
        replace(_evaluation_suite(spec), limit=_smaller(spec.limit, sampling.limit))
        for spec in experiment.suites
        if spec.name in wanted
    ]
    # One model for all draws; what it has decoded is in the store, so a resumed run passes over it.
    lm = _cell_lm(context, cell, folder, experiment.decoding)
    lm.draws = sampling.samples
    for draw in range(sampling.samples):
        lm.settings = experiment.decoding.model_copy(
            update={
                "temperature": sampling.temperature,
                "top_p": sampling.top_p,
                "draw": draw,
            }
        )
        evaluate(
            lm,
            suites,
            out_dir=folder / SAMPLED / f"draw{draw}",
            run_info=_run_info(context, cell) | {"draw": draw},
            task_metadata=_task_metadata(context),
        )
        progress(draw + 1, sampling.samples)
    write_json(folder / DONE["sample"], sampling.model_dump(mode="json"))


def _probe(
    context: Context, cell: Cell, folder: Path, progress: Callable[[int, int], None]
) -> None:
    """Ask for the answers that the student would give with other rationales than its own."""
    from harness.probing.probe import probe, replied_items

    experiment, probing = context.experiment, context.experiment.probing
    assert probing is not None
    suites = probing.suites or tuple(spec.name for spec in experiment.suites)
    items, open_ended = replied_items(folder / EVALUATION, suites, probing.limit)
    lm = _cell_lm(context, cell, folder, experiment.decoding)
    probe(lm, items, folder / PROBED, progress)
    done = probing.model_dump(mode="json") | {"items": len(items), "open_ended": open_ended}
    write_json(folder / DONE["probe"], done)


def _smaller(first: int | None, second: int | None) -> int | None:
    return min((limit for limit in (first, second) if limit is not None), default=None)


def _cell_lm(context: Context, cell: Cell, folder: Path, settings: DecodingSettings) -> CascodLM:
    """A cell's student: a trained one carries its protocol, an untrained one is asked by its method's."""
    method = load_method(_method(context, cell).name)
    protocol = method.protocol(None, "") if method.rows is None else None
    return _student_lm(context, _checkpoint(context, cell, folder), folder, protocol, settings)


def _student_lm(
    context: Context,
    checkpoint: Path | str,
    folder: Path,
    protocol: Protocol | None,
    settings: DecodingSettings,
) -> CascodLM:
    from harness.evaluation.lm import CascodLM
    from harness.evaluation.response_store import ResponseStore

    return CascodLM(
        str(checkpoint),
        protocol=protocol,
        settings=settings,
        store=ResponseStore(folder / "responses.jsonl"),
    )


def _stored_lm(context: Context, stored: StoredCompletions) -> StoredCompletionsLM:
    from harness.evaluation.stored_lm import StoredCompletionsLM
    from tasks.records.completions import read_completions

    path = (context.data_dir or Path()) / stored.path
    completions = {row.id: row.completion for row in read_completions(path)}
    return StoredCompletionsLM(completions, name=stored.name)


def _checkpoint(context: Context, cell: Cell, folder: Path) -> Path | str:
    if cell.seed is None:
        return context.locations[cell.student]
    selected = folder / DONE["select"]
    if selected.exists():
        return folder / "trainer" / str(read_json(selected)["checkpoint"])
    return folder / "checkpoint"


def _method(context: Context, cell: Cell) -> MethodSpec:
    return next(m for m in context.experiment.methods if m.label == cell.method)


def _answer_weight(experiment: Experiment, method: MethodSpec) -> float:
    return experiment.answer_weight if method.answer_weight is None else method.answer_weight


def _run_info(context: Context, cell: Cell) -> dict[str, Any]:
    return {
        "student": cell.student,
        "method": cell.method,
        "seed": cell.seed,
        "data_fingerprint": context.data_fingerprint if cell.seed is not None else "",
    }


def _task_metadata(context: Context) -> dict[str, Any]:
    """What makes the test items: where real ones are read, how generated ones are drawn."""
    experiment = context.experiment
    metadata: dict[str, Any] = {
        "seed": experiment.test_seed,
        "per_family": experiment.test_items_per_family,
        "rho": experiment.data.rho if isinstance(experiment.data, EmbeddedData) else 0.0,
    }
    return metadata | ({"data": str(context.data_dir)} if context.data_dir else {})


def _evaluation_suite(spec: SuiteSpec) -> EvaluationSuite:
    from harness.evaluation.evaluation_suites import EvaluationSuite

    role = spec.role or suite(spec.name).role
    return EvaluationSuite(spec.name, role, spec.file, spec.limit)


# What does each step, and the file that it writes last, whole or not at all.
WORK = {
    "train": _train,
    "select": _select,
    "evaluate": _evaluate,
    "sample": _sample,
    "probe": _probe,
}
DONE: dict[StepName, str] = {
    "train": "training.json",
    "select": "selected.json",
    "evaluate": COSTS_FILE,
    "sample": "sampled.json",
    "probe": "probed.json",
}
