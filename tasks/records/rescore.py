"""Stored completions scored again, without any model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.problem import AnswerType
from tasks.records.completions import Completion, answer_types, read_completions
from tasks.scoring.constant_answer import right_by_a_constant_answer
from tasks.scoring.score import Rule, Score, score


@dataclass(frozen=True, slots=True)
class TaskScore:
    """How many of a task's `n` completions are right, and how many hold no single answer.

    `unfinished_thoughts` of the unparsed ones were cut off as they thought. `constant` are those
    that a system would get right that always gives the task's commonest answer.
    """

    n: int
    correct: int
    unparsed: int
    unfinished_thoughts: int
    constant: int

    @property
    def accuracy(self) -> float:
        """The share that is right, from 0 to 1; a completion without an answer is wrong."""
        return self.correct / self.n

    @property
    def constant_accuracy(self) -> float:
        """The accuracy of always giving the commonest answer, from 0 to 1."""
        return self.constant / self.n

    @property
    def beats_constant(self) -> bool:
        """Whether more is right than one answer for all would get right."""
        return self.correct > self.constant


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
            unfinished_thoughts=sum(task.unfinished_thoughts for task in scores),
            constant=sum(task.constant for task in scores),
        )

    @property
    def macro_accuracy(self) -> float:
        """The mean of the tasks' accuracies, each task counting once."""
        return sum(task.accuracy for task in self.tasks.values()) / len(self.tasks)

    def to_json(self) -> dict[str, Any]:
        """The scores as plain JSON types."""
        return {
            "tasks": {
                name: {
                    "accuracy": task.accuracy,
                    "n": task.n,
                    "unparsed": task.unparsed,
                    "unfinished_thoughts": task.unfinished_thoughts,
                    "constant_accuracy": task.constant_accuracy,
                }
                for name, task in self.tasks.items()
            }
        }


def rescore_file(path: Path, rule: Rule = "strict") -> Rescored:
    """Score the completions of a JSONL file, or of a directory of them, by a rule.

    The answer type comes from the row, else from the targets of its task.
    """
    completions = read_completions(path)
    types = answer_types(completions)
    by_task: dict[str, list[Completion]] = {}
    for completion in completions:
        by_task.setdefault(completion.task, []).append(completion)
    return Rescored(
        rule, {task: _task_score(rows, types[task], rule) for task, rows in by_task.items()}
    )


def score_completion(completion: Completion, answer_type: AnswerType, rule: Rule) -> Score:
    """Score one stored completion by its own answer type, choice if it has options, else as
    given.
    """
    return score(
        completion.completion,
        completion.target,
        completion.answer_type or ("choice" if completion.options else answer_type),
        task=completion.task,
        options=completion.options,
        rule=rule,
    )


def _task_score(rows: Sequence[Completion], answer_type: AnswerType, rule: Rule) -> TaskScore:
    scores = [score_completion(row, answer_type, rule) for row in rows]
    return TaskScore(
        n=len(rows),
        correct=sum(row.correct for row in scores),
        unparsed=sum(not row.parse_ok for row in scores),
        unfinished_thoughts=sum(row.unfinished_thought for row in scores),
        constant=right_by_a_constant_answer([row.target for row in rows]),
    )
