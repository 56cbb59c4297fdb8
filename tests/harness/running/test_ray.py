"""A run on a Ray cluster of several nodes on this machine: what comes out, and what is refused."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from harness.cli import main
from tools.kill_resume import contents

ray = pytest.importorskip("ray", reason="needs the extra `ray`")
tool = pytest.importorskip("tools.ray_cluster")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster():
    with tool.cluster_of(1, 1, 1) as started:
        yield started


def write(folder: Path, student: str, **changes: Any) -> str:
    content = {
        "name": "small",
        "students": [{"name": "random", "source": student}],
        "methods": ["std_cot", "cascod"],
        "seeds": [1],
        "data": {"source": "embedded", "per_family": 6},
        "training": {"epochs": 4, "batch_size": 8, "micro_batch_size": 4, "save_steps": 2},
        "suites": ["embedded", "transfer"],
        "test_items_per_family": 2,
        "decoding": {"max_rationale_tokens": 24, "max_answer_tokens": 6, "block": 8},
        "primary": {"treatment": "cascod", "baseline": "std_cot"},
        "threads": 1,
        **changes,
    }
    file = folder / "experiment.yaml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


def test_a_node_that_dies_changes_nothing_and_no_step_is_done_twice(tmp_path):
    assert tool.kill_a_node(tmp_path, seeds=2) == 0


def test_stopped_by_the_user_it_goes_on_to_what_a_local_run_gives(cluster, student, tmp_path):
    file, out = write(tmp_path, student), tmp_path / "run"
    command = [sys.executable, "-m", "harness.cli", "run", file, "--out", str(out), "--ray"]
    process = subprocess.Popen(
        [*command, cluster.address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where tests run in the background Ctrl-C is ignored, and whoever is started inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 120
    while not list(out.glob("cells/*/*/*/trainer/checkpoint-*")) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (
        130,
        "cascod: stopped; the same command goes on from here\n",
    )

    assert main(["run", file, "--out", str(out), "--ray", cluster.address]) == 0
    assert main(["run", file, "--out", str(tmp_path / "here")]) == 0
    assert contents(out) == contents(tmp_path / "here")
    # The probe and the leases leave nothing behind.
    assert not [path for path in out.rglob(".*") if path.name != ".lock"]


def test_a_training_that_diverges_there_ends_alone(cluster, student, tmp_path, capsys):
    from safetensors.torch import load_file, save_file

    broken = tmp_path / "broken"
    shutil.copytree(student, broken)
    weights = load_file(broken / "model.safetensors")
    weights["model.norm.weight"][0] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    students = [{"name": "random", "source": student}, {"name": "broken", "source": str(broken)}]
    file = write(tmp_path, student, students=students, methods=["std_cot"], primary=None)
    assert main(["run", file, "--out", str(tmp_path / "run"), "--ray", cluster.address]) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "broken std_cot seed 1: training diverged at step 1 (the loss is nan)" in printed
    assert "1 of 2 cells done" in printed


def test_a_node_with_other_packages_is_refused_with_the_difference(
    cluster, student, tmp_path, capsys
):
    other = tmp_path / "other" / "peft-0.0.1.dist-info"
    other.mkdir(parents=True)
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: peft\nVersion: 0.0.1\n")
    path = f"{other.parent}:{os.environ.get('PYTHONPATH', '')}"
    node = cluster.add_node(num_cpus=1, env_vars={"PYTHONPATH": path})
    try:
        out = tmp_path / "run"
        file = write(tmp_path, student)
        assert main(["run", file, "--out", str(out), "--ray", cluster.address]) == 2
    finally:
        cluster.remove_node(node)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "has peft 0.0.1, and this machine 0." in said
    assert "install the same on every node" in said
    assert not (out / "data").exists()


def test_a_node_that_does_not_see_the_run_directory_is_refused(cluster, student, tmp_path, capsys):
    shared = tmp_path / "shared"
    shared.mkdir()
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-m", "true"]).returncode:
        pytest.skip("needs the right to hide a directory from a process (unshare -m)")
    # A node to which the directory is an empty one of its own.
    start = (
        f"{sys.executable} -m ray.scripts.scripts start --block --num-cpus 1 --disable-usage-stats"
    )
    hidden = f"mount -t tmpfs none {shared} && exec {start} --address {cluster.address}"
    node = subprocess.Popen(
        ["unshare", "-m", "sh", "-c", hidden],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_nodes(cluster.address, 4)
        file = write(tmp_path, student)
        assert main(["run", file, "--out", str(shared / "r"), "--ray", cluster.address]) == 2
    finally:
        node.terminate()
        node.wait()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"does not see the run directory {shared / 'r'}" in said


def await_nodes(address: str, count: int) -> None:
    from harness.running.workers.ray_connection import connected
    from harness.running.workers.ray_nodes import nodes

    deadline = time.monotonic() + 60
    with connected(address):
        while len(nodes()) < count:
            assert time.monotonic() < deadline
            time.sleep(0.5)


def test_a_cluster_that_is_not_there_is_said_in_one_line(student, tmp_path, capsys):
    file = write(tmp_path, student)
    assert main(["run", file, "--out", str(tmp_path / "r"), "--ray", "127.0.0.1:9"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cascod: workers: no Ray cluster at 127.0.0.1:9 (")
    assert said.count("\n") == 1
