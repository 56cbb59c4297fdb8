"""Evaluate a student on suites through lm-eval, every sample with the fields that reports read."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from lm_eval import evaluator

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.evaluation_suites import EvaluationSuite, LoadedSuites, load_suites
from harness.evaluation.inference_costs import InferenceCosts
from harness.evaluation.lm_eval_bridge import Ask, StudentLM, requests_of
from harness.evaluation.result_files import write_results
from harness.evaluation.scored_sample import scored_sample
from harness.evaluation.student import Answered, Request, SamplingStudent, Student, how_asked
from harness.quiet import quiet_libraries
from tasks.progress import Progress
from tasks.sample import Sample
from tasks.scoring.constant_answer import right_by_a_constant_answer
from tasks.scoring.score import Rule


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """Accuracy on one suite; `unparsed` is the share of items without a readable answer.

    Both are with forced answers, `accuracy_as_written` is without; `forced` is the share of items
    whose answer was forced, `cut` that of items cut off anywhere. `constant_accuracy` is that of
    always giving the commonest answer of an item's task.
    """

    suite: str
    accuracy: float
    unparsed: float
    items: int
    constant_accuracy: float
    accuracy_as_written: float
    forced: float
    cut: float


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """The score of each suite, in the order asked for, and what the evaluation took."""

    scores: tuple[SuiteScore, ...]
    costs: InferenceCosts

    @property
    def accuracy(self) -> float:
        """The share of all items that are right."""
        return sum(s.accuracy * s.items for s in self.scores) / sum(s.items for s in self.scores)


def evaluate(
    student: Student,
    suites: Sequence[EvaluationSuite],
    *,
    settings: DecodingSettings,
    out_dir: Path,
    run_info: Mapping[str, Any],
    rule: Rule = "strict",
    task_metadata: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> EvaluationResult:
    """Evaluate on all suites at once; write results, samples and run.json to `out_dir`.

    `run_info` (student, method, seed, data_fingerprint) goes into run.json; `task_metadata` (data,
    seed, per_family, ...) to whatever makes the tasks' docs. `rule` decides `correct` in the
    samples and the scores returned; the "acc" in lm-eval's own results is always strict. All of
    them count forced answers, for these stand in the completions that lm-eval is given.
    """
    return evaluate_loaded(
        student,
        load_zero_shot(suites, task_metadata),
        settings=settings,
        out_dir=out_dir,
        run_info=run_info,
        rule=rule,
        task_metadata=task_metadata,
        progress=progress,
    )


def evaluate_loaded(
    student: Student,
    loaded: LoadedSuites,
    *,
    settings: DecodingSettings,
    out_dir: Path,
    run_info: Mapping[str, Any],
    rule: Rule = "strict",
    task_metadata: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> EvaluationResult:
    """The same with suites that `load_zero_shot` has loaded, or part of what these ask."""
    return _evaluate(
        partial(student.reply, settings=settings, progress=progress),
        loaded,
        run=_run(student, settings, loaded, run_info, rule, task_metadata),
        out_dir=out_dir,
    )


def evaluate_draws(
    student: SamplingStudent,
    suites: Sequence[EvaluationSuite],
    *,
    settings: DecodingSettings,
    draws: int,
    out_dir: Path,
    run_info: Mapping[str, Any],
    task_metadata: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> None:
    """Draw several replies to every item; write each draw as an evaluation, to `out_dir`/draw0, ...

    Arguments as for `evaluate`; run.json also says which draw it is.
    """
    loaded = load_zero_shot(suites, task_metadata)
    requests = requests_for(loaded)
    answered = student.decode_draws(requests, settings, draws, progress)
    for draw, of_draw in enumerate(answered):
        drawn = settings.model_copy(update={"draw": draw})
        which = dict(run_info) | {"draw": draw}
        _evaluate(
            _known(of_draw),
            loaded,
            run=_run(student, drawn, loaded, which, "strict", task_metadata),
            out_dir=out_dir / f"draw{draw}",
        )


def requests_for(loaded: LoadedSuites) -> list[Request]:
    """All that a student would be asked."""
    with quiet_libraries():
        return requests_of(loaded.tasks.values())


def load_zero_shot(
    suites: Sequence[EvaluationSuite], task_metadata: Mapping[str, Any] | None = None
) -> LoadedSuites:
    """The suites as they are evaluated; UserError for whatever is wrong with their data."""
    with quiet_libraries():
        loaded = load_suites(suites, task_metadata or {})
        for task in loaded.tasks.values():
            task.set_config(key="num_fewshot", value=0)
    return loaded


def _known(answered: Answered) -> Ask:
    return lambda requests: answered


def _evaluate(
    ask: Ask, loaded: LoadedSuites, *, run: Mapping[str, Any], out_dir: Path
) -> EvaluationResult:
    """Ask, score and write; `run` is what run.json says."""
    start, rule = time.time(), run["rule"]
    lm = StudentLM(ask)
    with quiet_libraries():
        results = evaluator.evaluate(
            lm=lm,
            task_dict={"tasks": loaded.tasks, "groups": loaded.groups},
            bootstrap_iters=0,
        )
    rows: dict[str, list[dict[str, Any]]] = {}
    samples: dict[str, list[Sample]] = {suite.name: [] for suite in loaded.suite_of.values()}
    for task, logged in results.pop("samples").items():
        suite = loaded.suite_of[task]
        for row in logged:
            sample = scored_sample(row["doc"], suite, lm.replies[task, row["doc_id"]], rule)
            samples[suite.name].append(sample)
            rows.setdefault(task, []).append(row | sample.to_row())

    scores = tuple(_suite_score(name, of_suite) for name, of_suite in samples.items())
    own = {"scores": [asdict(s) for s in scores], "rule": rule, "costs": lm.costs.to_row()}
    config = {"model": "cascod", "model_args": run}
    write_results(
        out_dir,
        results=results | {"config": config, "date": start, "cascod": own},
        samples=rows,
        run=run,
    )
    return EvaluationResult(scores, lm.costs)


def _run(
    student: Student,
    settings: DecodingSettings,
    loaded: LoadedSuites,
    run_info: Mapping[str, Any],
    rule: Rule,
    task_metadata: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """What run.json says: who was asked what, and how."""
    return {
        **run_info,
        **how_asked(student, settings),
        "rule": rule,
        "limits": {suite.name: suite.limit for suite in loaded.suite_of.values()},
        "suite_fingerprints": loaded.fingerprints,
        "task_metadata": dict(task_metadata or {}),
    }


def _suite_score(suite: str, samples: Sequence[Sample]) -> SuiteScore:
    items = len(samples)
    cut = [sample.rationale_truncated or sample.answer_truncated for sample in samples]
    golds: dict[str, list[tuple[str]]] = {}
    for sample in samples:
        golds.setdefault(sample.task, []).append((sample.gold,))
    return SuiteScore(
        suite=suite,
        accuracy=sum(sample.correct for sample in samples) / items,
        unparsed=sum(not sample.parse_ok for sample in samples) / items,
        items=items,
        constant_accuracy=sum(map(right_by_a_constant_answer, golds.values())) / items,
        accuracy_as_written=sum(sample.correct_as_written for sample in samples) / items,
        forced=sum(sample.answer_forced for sample in samples) / items,
        cut=sum(cut) / items,
    )
