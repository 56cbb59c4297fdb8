"""Evaluate a student on suites through lm-eval, every sample with the fields that reports read."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lm_eval import evaluator

from harness.evaluation.evaluation_suites import EvaluationSuite, load_suites
from harness.evaluation.inference_costs import InferenceCosts
from harness.evaluation.lm import CascodLM
from harness.evaluation.reply import Progress, Reply
from harness.evaluation.result_files import write_results
from harness.evaluation.stored_lm import StoredCompletionsLM
from harness.quiet import quiet_libraries
from tasks.problem import Problem
from tasks.procedural.checker import CHECKS, solution_path
from tasks.sample import Sample
from tasks.scoring.constant_answer import right_by_a_constant_answer
from tasks.scoring.score import Rule, score


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """Accuracy on one suite; `unparsed` is the share of items without a readable answer.

    `constant_accuracy` is that of always giving the commonest answer of an item's task.
    """

    suite: str
    accuracy: float
    unparsed: float
    items: int
    constant_accuracy: float


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
    lm: CascodLM | StoredCompletionsLM,
    suites: Sequence[EvaluationSuite],
    *,
    out_dir: Path,
    run_info: Mapping[str, Any],
    rule: Rule = "strict",
    task_metadata: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> EvaluationResult:
    """Evaluate on all suites at once; write results, samples and run.json to `out_dir`.

    `run_info` (student, method, seed, data_fingerprint) goes into run.json; `task_metadata` (data,
    seed, per_family, ...) to whatever makes the tasks' docs. `rule` decides `correct` in the samples and the scores returned; the "acc"
    in lm-eval's own results is always strict.
    """
    start = time.time()
    lm.progress = progress
    with quiet_libraries():
        loaded = load_suites(suites, task_metadata or {})
        for task in loaded.tasks.values():
            task.set_config(key="num_fewshot", value=0)
        results = evaluator.evaluate(
            lm=lm,
            task_dict={"tasks": loaded.tasks, "groups": loaded.groups},
            bootstrap_iters=0,
        )
    rows: dict[str, list[dict[str, Any]]] = {}
    samples: dict[str, list[Sample]] = {suite.name: [] for suite in suites}
    for task, logged in results.pop("samples").items():
        suite = loaded.suite_of[task]
        for row in logged:
            sample = _sample(row["doc"], suite, lm.replies[task, row["doc_id"]], rule)
            samples[suite.name].append(sample)
            rows.setdefault(task, []).append(row | sample.to_row())

    scores = tuple(_suite_score(name, of_suite) for name, of_suite in samples.items())
    run = dict(run_info) | {
        "checkpoint_fingerprint": lm.fingerprint,
        "protocol": asdict(lm.protocol),
        "generation": lm.generation,
        "rule": rule,
        "limits": {suite.name: suite.limit for suite in suites},
        "task_metadata": dict(task_metadata or {}),
    }
    config = {"model": "cascod", "model_args": run}
    own = {"scores": [asdict(s) for s in scores], "rule": rule, "costs": lm.costs.to_row()}
    write_results(
        out_dir,
        results=results | {"config": config, "date": start, "cascod": own},
        samples=rows,
        run=run,
    )
    return EvaluationResult(scores, lm.costs)


def _sample(doc: dict[str, Any], suite: EvaluationSuite, reply: Reply, rule: Rule) -> Sample:
    problem = Problem.from_doc(doc)
    scored = score(
        reply.completion,
        problem.golds,
        problem.answer_type,
        task=problem.task,
        options=problem.options,
        rule=rule,
    )
    return Sample(
        id=problem.id,
        task=problem.task,
        suite=suite.name,
        role=suite.role,
        cluster=problem.cluster,
        prompt_sent=reply.prompt_sent,
        rationale=reply.rationale,
        parsed=scored.parsed,
        gold=problem.golds[0],
        parse_ok=scored.parse_ok,
        correct=scored.correct,
        rationale_truncated=reply.rationale_truncated,
        answer_truncated=reply.answer_truncated,
        prompt_tokens=reply.prompt_tokens,
        rationale_tokens=reply.rationale_tokens,
        answer_tokens=reply.answer_tokens,
        path=problem.path,
        # Only of our own generators is it known how a rationale's path is told.
        path_taken=solution_path(problem.task, reply.rationale)
        if problem.path and problem.task in CHECKS
        else "",
    )


def _suite_score(suite: str, samples: Sequence[Sample]) -> SuiteScore:
    items = len(samples)
    golds: dict[str, list[tuple[str]]] = {}
    for sample in samples:
        golds.setdefault(sample.task, []).append((sample.gold,))
    return SuiteScore(
        suite=suite,
        accuracy=sum(sample.correct for sample in samples) / items,
        unparsed=sum(not sample.parse_ok for sample in samples) / items,
        items=items,
        constant_accuracy=sum(map(right_by_a_constant_answer, golds.values())) / items,
    )
