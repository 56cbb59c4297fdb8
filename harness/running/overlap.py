"""Test questions that were trained on, found by their wording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.evaluation.evaluation_suites import EvaluationSuite, load_suites
from harness.quiet import quiet_libraries
from tasks.benchmarks import bbh
from tasks.data_source import local_data_dir
from tasks.problem import Role
from tasks.records.duplicates import Asked, Match, overlap
from tasks.records.record import CoTRecord
from tasks.records.wording import words

NAMED = 3  # items of a suite that are named


@dataclass(frozen=True, slots=True)
class SuiteOverlap:
    """How many of a suite's `items` are training questions, and the first of them with their
    records.

    `refused` of them make a comparison wrong: out-of-domain items that were trained on, and
    in-domain items word for word. BIG-Bench Hard asks some questions twice; those of its own are
    only told.
    """

    suite: str
    role: Role
    items: int
    identical: int
    near: int
    refused: int
    first: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        pairs = ", ".join(f"{item} is {record}" for item, record in self.first)
        return (
            f"{self.suite} ({self.role}): {self.identical + self.near} of {self.items} items are "
            f"training questions, {self.identical} identical and {self.near} nearly ({pairs})"
        )


def find_overlap(
    trained: Sequence[CoTRecord],
    suites: Sequence[EvaluationSuite],
    metadata: Mapping[str, Any],
) -> list[SuiteOverlap]:
    """The suites that share a question with the training records, in the order given."""
    with quiet_libraries():
        loaded = load_suites(suites, metadata)
    items: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for name, task in loaded.tasks.items():
        items[loaded.suite_of[name].name].extend(task.dataset["test"])
    asked = [(suite, doc) for suite in suites for doc in items[suite.name]]
    matches: dict[str, list[tuple[Mapping[str, Any], Match]]] = defaultdict(list)
    for match in overlap(
        [Asked(record.task, record.question) for record in trained],
        [Asked(doc["task"], doc["question"]) for _, doc in asked],
    ):
        suite, doc = asked[match.second]
        matches[suite.name].append((doc, match))
    return [
        SuiteOverlap(
            suite=suite.name,
            role=suite.role,
            items=len(items[suite.name]),
            identical=sum(match.kind == "identical" for _, match in found),
            near=sum(match.kind == "near" for _, match in found),
            refused=_refused(suite, found, metadata),
            first=tuple((doc["id"], trained[match.first].id) for doc, match in found[:NAMED]),
        )
        for suite in suites
        if (found := matches[suite.name])
    ]


def _refused(
    suite: EvaluationSuite,
    found: Sequence[tuple[Mapping[str, Any], Match]],
    metadata: Mapping[str, Any],
) -> int:
    if suite.role == "ood":
        return len(found)
    identical = [doc for doc, match in found if match.kind == "identical"]
    if identical and suite.file is None and suite.name.partition(":")[0] == "bbh":
        twice = _asked_twice(metadata)
        return sum(words(doc["question"]) not in twice for doc in identical)
    return len(identical)


def _asked_twice(metadata: Mapping[str, Any]) -> set[tuple[str, ...]]:
    """The questions that BIG-Bench Hard itself has in its train or dev split."""
    source = local_data_dir(metadata.get("data"))
    return {
        words(problem.question)
        for split in ("train", "dev")
        for problem in bbh.problems(source, split)
    }
