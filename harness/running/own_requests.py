"""What a run asks its students of its own records: to choose an epoch, to have chains written."""

from __future__ import annotations

from harness.evaluation.student import Request
from harness.running.experiment import Experiment
from harness.running.method_spec import MethodSpec
from harness.running.own_chains import questions
from harness.running.training_data import TrainingData


def own_requests(experiment: Experiment, spec: MethodSpec, data: TrainingData) -> list[Request]:
    """The requests that a method's students get beside those of the suites."""
    requests: list[Request] = []
    if experiment.select == "dev_accuracy":
        requests += questions(data.dev)
    if spec.method.rounds:
        requests += questions(data.train, hinted=True)
    return requests
