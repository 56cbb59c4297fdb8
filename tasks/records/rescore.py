"""Stored completions scored again, without any model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.problem import AnswerType
from tasks.records.completions import Completion, answer_types, read_completions
from tasks.scoring.score import Rule, Score, score


@dataclass(frozen=True, slots=True)
class TaskScore:
    """How many of a task's `n` completions are right, and how many hold no single answer."""

    n: int
    correct: int
    unparsed: int

    @property
    def accuracy(self) -> float:
        """The share that is right, from 0 to 1; a completion without an answer is wrong."""
        return self.correct / self.n


@dataclass(frozen=True, slots=True)
class Rescored:
    """The scores of a file by task, in the order in which tasks first appear."""

    rule: Rule
    tasks: dict[str, TaskScore]

    @property
    def overall(self) -> TaskScore:
        """All items together, each counting once."""
        scores = self.tasks.values()
        return TaskScore(
            n=sum(task.n for task in scores),
            correct=sum(task.correct for task in scores),
            unparsed=sum(task.unparsed for task in scores),
        )

    @property
    def macro_accuracy(self) -> float:
        """The mean of the tasks' accuracies, each task counting once."""
        return sum(task.accuracy for task in self.tasks.values()) / len(self.tasks)

    def to_json(self) -> dict[str, Any]:
        """The scores as plain JSON types."""
        return {
            "tasks": {
                name: {"accuracy": task.accuracy, "n": task.n, "unparsed": task.unparsed}
                for name, task in self.tasks.items()
            }
        }


def rescore_file(path: Path, rule: Rule = "strict") -> Rescored:
    """Score the completions of a JSONL file, or of a directory of them, by a rule.

    The answer type comes from the row, else from the targets of its task.
    """
    completions = read_completions(path)
    types = answer_types(completions)
    scores: dict[str, list[Score]] = {}
    for completion in completions:
        scores.setdefault(completion.task, []).append(
            score_completion(completion, types[completion.task], rule)
        )
    return Rescored(rule, {task: _task_score(rows) for task, rows in scores.items()})


def score_completion(completion: Completion, answer_type: AnswerType, rule: Rule) -> Score:
    """Score one stored completion; a type stated in its row goes before `answer_type`."""
    return score(
        completion.completion,
        completion.target,
        completion.answer_type or answer_type,
        task=completion.task,
        options=completion.options,
        rule=rule,
    )


def _task_score(scores: Sequence[Score]) -> TaskScore:
    return TaskScore(
        n=len(scores),
        correct=sum(row.correct for row in scores),
        unparsed=sum(not row.parse_ok for row in scores),
    )
