"""A student's reply to an item, scored: the sample that reports read."""

from __future__ import annotations

from typing import Any

from harness.evaluation.evaluation_suites import EvaluationSuite
from harness.evaluation.reply import Reply
from tasks.problem import Problem
from tasks.procedural.checker import CHECKS, solution_path
from tasks.sample import Sample
from tasks.scoring.score import Rule, Score, score


def scored_sample(doc: dict[str, Any], suite: EvaluationSuite, reply: Reply, rule: Rule) -> Sample:
    """The sample of an item (its lm-eval doc); `rule` decides whether it is correct."""
    problem = Problem.from_doc(doc)

    def scored_as(completion: str) -> Score:
        return score(
            completion,
            problem.golds,
            problem.answer_type,
            task=problem.task,
            options=problem.options,
            rule=rule,
            verifier=problem.verifier,
        )

    scored = scored_as(reply.completion)
    as_written = scored_as(reply.as_written) if reply.answer_forced else scored
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
        answer_forced=reply.answer_forced,
        parsed_as_written=as_written.parsed,
        correct_as_written=as_written.correct,
        raw=reply.raw,
    )
