"""Stored completions: rows of what a teacher or student wrote, with the gold answer.

Files are JSONL of our own fields, or of a published layout (`tasks.records.teacher_layouts`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.problem import ANSWER_TYPES, AnswerType
from tasks.records.teacher_layouts import completion_rows, test_file_of, test_rows
from tasks.records.wording import words
from tasks.scoring.answer_types import infer_answer_type

# What is read of a directory.
FILES = ("*.jsonl",)


@dataclass(frozen=True, slots=True)
class Completion:
    """One row: `id` is task/index, the index being the row's place among those of its task.

    `where` is file:line. `target` holds every answer that counts as right.
    """

    id: str
    task: str
    where: str
    completion: str
    target: tuple[str, ...]
    question: str = ""
    description: str = ""
    cluster: str = ""
    options: tuple[str, ...] = ()
    answer_type: AnswerType | None = None

    @property
    def wording(self) -> tuple[str, tuple[str, ...]]:
        """The task and the words of the question: what two copies of a question share."""
        return self.task, words(self.question)


def read_completions(source: Path, patterns: Sequence[str] = FILES) -> list[Completion]:
    """The rows of a file, or of all files of a directory that fit one of the patterns, in the order
    of their names; files of test questions that belong to others are left out.

    Each row needs `task`, `completion` and `target` (a text or a list of texts).
    """
    files = completion_files(source, patterns)
    seen: Counter[str] = Counter()
    completions = [row for path in files for row in _completions(path, completion_rows(path), seen)]
    if not completions:
        raise UserError(f"{source}: no completions here")
    return completions


def read_test_questions(source: Path, patterns: Sequence[str] = FILES) -> list[Completion]:
    """The test questions that a published layout has beside these chains, without completions."""
    seen: Counter[str] = Counter()
    with_tests = {test_file_of(path): path for path in completion_files(source, patterns)}
    return [
        replace(row, id=f"test/{row.id}")
        for file, path in with_tests.items()
        if file
        for row in _completions(file, test_rows(path), seen)
    ]


def completion_files(source: Path, patterns: Sequence[str]) -> list[Path]:
    """The files that a source names; UserError where a pattern fits none of a directory's."""
    if not source.is_dir():
        return [source]
    found = {pattern: _fitting(source, pattern) for pattern in patterns}
    tests = {test_file_of(path) for files in found.values() for path in files}
    for pattern, files in found.items():
        if not files - tests:
            raise UserError(f"{source}: no {pattern} files in this directory")
    return sorted(set().union(*found.values()) - tests)


def _fitting(source: Path, pattern: str) -> set[Path]:
    try:
        return set(source.glob(pattern))
    except (NotImplementedError, ValueError):
        raise UserError(
            f"{source}: {pattern!r} is no pattern of files below it, such as *.jsonl"
        ) from None


def answer_types(completions: Sequence[Completion]) -> dict[str, AnswerType]:
    """The answer type of each task, told from all its targets."""
    targets: dict[str, list[str]] = {}
    for completion in completions:
        targets.setdefault(completion.task, []).extend(completion.target)
    return {task: infer_answer_type(golds) for task, golds in targets.items()}


def _completions(
    path: Path, rows: Iterable[tuple[int, Any]], seen: Counter[str]
) -> Iterator[Completion]:
    for number, row in rows:
        try:
            completion = _parse(row, f"{path}:{number}", seen)
        except ValueError as error:
            raise UserError(f"{path}:{number}: {error}") from None
        seen[completion.task] += 1
        yield completion


def _parse(row: Any, where: str, seen: Counter[str]) -> Completion:
    if not isinstance(row, dict):
        raise ValueError(f"expected an object, got {type(row).__name__}")
    for name in ("task", "completion", "target"):
        if name not in row:
            raise ValueError(f"missing field {name!r}")
    for name in ("task", "completion", "question", "description", "cluster"):
        if not isinstance(row.get(name, ""), str):
            raise ValueError(f"field {name!r} must be text, got {type(row[name]).__name__}")
    if not row["task"].strip():
        raise ValueError("empty task")
    target = _texts(row, "target")
    if not target or not all(gold.strip() for gold in target):
        raise ValueError("empty target")
    answer_type = row.get("answer_type")
    if answer_type is not None and answer_type not in ANSWER_TYPES:
        raise ValueError(f"answer_type {answer_type!r} is none of {', '.join(ANSWER_TYPES)}")
    return Completion(
        id=f"{row['task']}/{seen[row['task']]}",
        task=row["task"],
        where=where,
        completion=row["completion"],
        target=target,
        question=row.get("question", ""),
        description=row.get("description", ""),
        cluster=row.get("cluster", ""),
        options=_texts(row, "options"),
        answer_type=answer_type,
    )


def _texts(row: dict[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name, [])
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"field {name!r} must be a text or a list of texts")
    return tuple(texts)
