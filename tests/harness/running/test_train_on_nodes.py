"""One student trained by Ray Train on two nodes of a cluster, against two local processes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from harness.running.experiment_file import load_experiment
from harness.running.training_data import training_data
from harness.running.workers.ray_connection import connected
from trainers.devices import on_devices
from trainers.methods import load_method
from trainers.train import train

pytest.importorskip("ray", reason="needs the extra `ray`")
cluster_tool = pytest.importorskip("tools.ray_cluster")
node_tool = pytest.importorskip("tools.train_on_nodes")

pytestmark = pytest.mark.slow


def train_here(experiment, out, _progress):
    data = training_data(experiment, None)
    train(
        experiment.students[0].source,
        load_method("cascod"),
        data.train,
        answer_weight=experiment.answer_weight,
        settings=experiment.training,
        seed=1,
        data_fingerprint=data.fingerprint,
        work_dir=out,
    )


@pytest.mark.skipif(torch.cuda.is_available(), reason="its local half would take GPUs")
def test_two_nodes_train_as_two_processes_of_one(student, tmp_path: Path):
    experiment = load_experiment(
        "demo",
        {
            "students": [{"name": "random", "source": student}],
            "data.per_family": 3,
            "training": {
                "batch_size": 8,
                "micro_batch_size": 4,
                "devices": 2,
                "strategy": "fsdp",
            },
        },
    )
    on_devices(2, partial(train_here, experiment, tmp_path / "here"), None, threads=2)
    with cluster_tool.cluster_of(1, 1) as cluster, connected(cluster.address):
        [spec] = (spec for spec in experiment.methods if spec.label == "cascod")
        node_tool.train_on_nodes(experiment, spec, 1, tmp_path / "there")
    here, there = (
        load_file(tmp_path / where / "checkpoint/model.safetensors") for where in ("here", "there")
    )
    for name, weight in here.items():
        torch.testing.assert_close(there[name], weight, rtol=0, atol=1e-5)
