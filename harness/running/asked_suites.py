"""The suites of an experiment, as evaluation takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from harness.evaluation.evaluate import load_zero_shot
from harness.evaluation.evaluation_suites import EvaluationSuite, LoadedSuites
from harness.running.data_sources import EmbeddedData
from harness.running.experiment import Experiment, SuiteSpec
from tasks.suites import suite


def load_asked(experiment: Experiment, data_dir: Path | None) -> LoadedSuites:
    """All suites of an experiment; UserError where one is missing or cannot be read."""
    suites = [evaluation_suite(spec) for spec in experiment.suites]
    return load_zero_shot(suites, task_metadata(experiment, data_dir))


def evaluation_suite(spec: SuiteSpec, limit: int | None = None) -> EvaluationSuite:
    """A suite of the experiment; at most `limit` items a task where that is given."""
    role = spec.role or suite(spec.name).role
    least = min((each for each in (spec.limit, limit) if each is not None), default=None)
    return EvaluationSuite(spec.name, role, spec.file, least)


def task_metadata(experiment: Experiment, data_dir: Path | None) -> dict[str, Any]:
    """What makes the test items: where real ones are read, how generated ones are drawn."""
    metadata: dict[str, Any] = {
        "seed": experiment.test_seed,
        "per_family": experiment.test_items_per_family,
        "rho": experiment.data.rho if isinstance(experiment.data, EmbeddedData) else 0.0,
    }
    return metadata | ({"data": str(data_dir)} if data_dir else {})
