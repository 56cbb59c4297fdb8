"""The items of a suite without asking them."""

from __future__ import annotations

from pathlib import Path

from harness.evaluation.evaluation_suites import EvaluationSuite, load_suites
from harness.quiet import quiet_libraries
from tasks.problem import Problem
from tasks.records.record import read_records, record_problems


def suite_problems(suite: EvaluationSuite, data: Path | None) -> list[Problem]:
    """The items of a suite, read from the benchmark data where it needs them; records of a file
    may be training questions as well.
    """
    if suite.file:
        return record_problems(read_records(suite.file))
    with quiet_libraries():
        tasks = load_suites([suite], {"data": str(data)} if data else {}).tasks
    return [Problem.from_doc(doc) for task in tasks.values() for doc in task.eval_docs]
