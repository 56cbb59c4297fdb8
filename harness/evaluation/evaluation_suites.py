"""Suites as lm-eval tasks: the known ones by name, a team's own from its record file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lm_eval.tasks import TaskManager

from tasks.data_source import data_fingerprint
from tasks.docs import Docs
from tasks.errors import UserError
from tasks.lm_eval_docs import (
    doc_to_target,
    doc_to_text,
    file_docs,
    process_results,
    reasoning_gym,
)
from tasks.problem import Problem, Role
from tasks.suites import REASONING_GYM, SUITES, include_path, suite
from tasks.tables.own_suite import NAME, OwnSuite, own_task

KNOWN = frozenset(each.name for each in SUITES)


@dataclass(frozen=True, slots=True)
class EvaluationSuite:
    """What to evaluate on: a known suite, or the records in `file`.

    `limit` is the number of items a task, in hashed order; None takes all.
    """

    name: str
    role: Role
    file: Path | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class LoadedSuites:
    """lm-eval's tasks and groups by name, and the suite that each task belongs to."""

    tasks: dict[str, Any]
    groups: dict[str, Any]
    suite_of: dict[str, EvaluationSuite]

    def only(self, suite: str) -> LoadedSuites:
        """The tasks of one suite."""
        of_suite = {name: each for name, each in self.suite_of.items() if each.name == suite}
        return LoadedSuites({name: self.tasks[name] for name in of_suite}, {}, of_suite)

    def asking(self, places: Mapping[str, Sequence[int]]) -> LoadedSuites:
        """The tasks named, each with the docs in these places alone."""
        tasks = {}
        for name, chosen in places.items():
            # lm-eval's tasks keep their docs and requests on themselves.
            task = tasks[name] = copy(self.tasks[name])
            split = task.config.test_split
            task.dataset = {split: task.dataset[split].select(chosen)}
        return LoadedSuites(tasks, {}, {name: self.suite_of[name] for name in tasks})

    @property
    def fingerprints(self) -> dict[str, str]:
        """Each suite's `data_fingerprint`: of ids, questions and golds of the items that are
        asked.
        """
        items: dict[str, list[Problem]] = {}
        for name, task in self.tasks.items():
            of_suite = items.setdefault(self.suite_of[name].name, [])
            of_suite += [Problem.from_doc(doc) for doc in task.eval_docs]
        return {suite: data_fingerprint(problems) for suite, problems in items.items()}


def suite_from_argument(argument: str, limit: int | None) -> EvaluationSuite:
    """A suite as named on the command line: a known name, or a JSONL file of records, with or
    without its suffix; OOD, unless the task beside it says otherwise.

    Whatever has a suffix is taken for a file, so that one of another kind is told what to become.
    Settings of a drawn set may hold a point.
    """
    is_drawn = argument.startswith(f"{REASONING_GYM}:")
    file = Path(argument)
    # A file called as a known suite is meant only where its suffix is given.
    if not file.suffix and NAME.fullmatch(file.name) and argument not in KNOWN:
        written = file.with_suffix(".jsonl")
        file = written if written.is_file() else file
    if file.suffix and not is_drawn:
        return EvaluationSuite(file.stem, OwnSuite(file).role, file, limit)
    return EvaluationSuite(argument, suite(argument).role, None, limit)


def load_suites(
    suites: Sequence[EvaluationSuite], task_metadata: Mapping[str, Any]
) -> LoadedSuites:
    """Load every suite's lm-eval tasks; `task_metadata` reaches the functions that make their docs.

    Raises UserError for suites that share a name or a task, and for whatever is wrong with their
    data.
    """
    names = [suite.name for suite in suites]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise UserError(f"suite {repeated[0]!r} is given twice; give each suite its own name")
    managers = {
        limit: TaskManager(
            include_path=str(include_path()),
            include_defaults=False,
            metadata=dict(task_metadata) | ({"limit": limit} if limit else {}),
        )
        for limit in {wanted.limit for wanted in suites}
    }
    loaded = LoadedSuites({}, {}, {})
    for wanted in suites:
        found = managers[wanted.limit].load([_spec(wanted)])
        if twice := sorted(found["tasks"].keys() & loaded.tasks.keys()):
            raise UserError(
                f"suite {wanted.name!r} asks what {loaded.suite_of[twice[0]].name!r} asks "
                f"({twice[0]}); name a suite or its parts"
            )
        loaded.tasks.update(found["tasks"])
        loaded.groups.update(found["groups"])
        loaded.suite_of.update(dict.fromkeys(found["tasks"], wanted))
    return loaded


def _spec(wanted: EvaluationSuite) -> str | dict[str, Any]:
    """What lm-eval loads a suite by: the name of its YAML file, or a task written in line."""
    if wanted.file:
        source = {"path": str(wanted.file), "suite": wanted.name, "role": wanted.role}
        return _inline_task(own_task(wanted.name), file_docs, source)
    known = suite(wanted.name)
    if known.drawn_from is None:
        return known.lm_eval_name
    dataset, settings = known.drawn_from
    drawing = {"dataset": dataset, "settings": settings}
    return _inline_task(known.lm_eval_name, reasoning_gym, drawing)


def _inline_task(name: str, docs: Callable[..., Docs], arguments: dict[str, Any]) -> dict[str, Any]:
    """A task that has no YAML file, scored like those that have one."""
    means = [
        {"metric": metric, "aggregation": "mean", "higher_is_better": True}
        for metric in ("acc", "parse_ok")
    ]
    return {
        "task": name,
        "output_type": "generate_until",
        "custom_dataset": docs,
        "dataset_kwargs": arguments,
        "test_split": "test",
        "doc_to_text": doc_to_text,
        "doc_to_target": doc_to_target,
        "process_results": process_results,
        "metric_list": means,
        "generation_kwargs": {"until": ["\n\nQ:"], "do_sample": False},
        "metadata": {"version": 1.0},
    }
