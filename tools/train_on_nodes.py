"""One student of an experiment trained on several nodes of a Ray cluster, by Ray Train.

    python -m tools.train_on_nodes EXPERIMENT.yaml /shared/out [--method cascod] [--seed 1]
        [--data DIR] [--ray HOST:6379] [--set training.devices=16]

`training.devices` counts the processes on all nodes: one a GPU, or without GPUs one a core. The
folder must lie on storage that every node sees, and so must the student. Stopped, the same command
goes on from the last checkpoint. `cascod evaluate /shared/out/checkpoint` asks what comes out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import ray
from ray.train import RunConfig, ScalingConfig
from ray.train.torch import TorchConfig, TorchTrainer

from harness.running.experiment import Experiment
from harness.running.experiment_file import load_experiment, parse_overrides
from harness.running.method_spec import MethodSpec
from harness.running.training_data import training_data
from harness.running.workers.ray_connection import connected
from tasks.data_source import local_data_dir
from tasks.errors import UserError
from trainers.students.sources import resolve_student
from trainers.train import train


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("experiment")
    parser.add_argument("out", type=Path)
    parser.add_argument("--method", default="cascod")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="benchmark data (default: CASCOD_DATA)")
    parser.add_argument("--ray", metavar="ADDRESS")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    args = parser.parse_args()
    try:
        experiment = load_experiment(args.experiment, parse_overrides(args.set))
        spec, data_dir = _from_the_base(experiment, args.method), local_data_dir(args.data)
        with connected(args.ray):
            train_on_nodes(experiment, spec, args.seed, args.out.resolve(), data_dir)
    except UserError as error:
        parser.error(str(error))
    return 0


def _from_the_base(experiment: Experiment, label: str) -> MethodSpec:
    spec = next((spec for spec in experiment.methods if spec.label == label), None)
    if spec is None or spec.method.rows is None or spec.method.starts_from:
        raise UserError(f"--method {label}: trains no student of this experiment from its base")
    return spec


def train_on_nodes(
    experiment: Experiment, spec: MethodSpec, seed: int, out: Path, data_dir: Path | None = None
) -> None:
    """Train the experiment's first student by a method, on the connected cluster.

    Returns when `out/checkpoint` is there; Ray's own error where a process failed.
    """
    student, method = experiment.students[0], spec.method
    weight = experiment.answer_weight if spec.answer_weight is None else spec.answer_weight
    rate = method.learning_rate or experiment.training.learning_rate
    data = training_data(experiment, data_dir)
    work = partial(
        train,
        resolve_student(student.source),
        method,
        data.train,
        answer_weight=weight,
        settings=experiment.training.model_copy(update={"learning_rate": rate}),
        seed=seed,
        data_fingerprint=data.fingerprint,
        work_dir=out,
        layout=student.layout,
        thinking=student.thinking,
    )
    with_gpus = "GPU" in ray.cluster_resources()
    TorchTrainer(
        _take_part,
        train_loop_config={"work": work},
        scaling_config=ScalingConfig(num_workers=experiment.training.devices, use_gpu=with_gpus),
        torch_config=TorchConfig(backend="cuda:nccl,cpu:gloo" if with_gpus else "gloo"),
        run_config=RunConfig(storage_path=str(out / "ray")),
    ).fit()


def _take_part(config: dict[str, Callable[[], Any]]) -> None:
    """What each process does; Ray Train has formed the group."""
    config["work"]()


if __name__ == "__main__":
    sys.exit(main())
