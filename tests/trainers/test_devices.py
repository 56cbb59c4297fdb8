"""One student trained on several devices: processes on gloo, where there are no GPUs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load_file
from small_students import make_records, small_llama

from tasks.errors import UserError
from tasks.files import read_json
from trainers.devices import on_devices
from trainers.divergence import Diverged
from trainers.methods import load_method
from trainers.settings import LoRASettings, TrainingSettings
from trainers.train import train

LORA = LoRASettings(r=2, alpha=4, target_modules=("q_proj",))

pytestmark = pytest.mark.skipif(
    torch.cuda.is_available(), reason="processes would take GPUs in place of processors"
)


@pytest.fixture
def student(tokenizer, tmp_path):
    model = small_llama(tokenizer)
    # As SmolLM2's are: one matrix by two names.
    model.config.tie_word_embeddings = True
    model.tie_weights()
    model.save_pretrained(tmp_path / "student")
    tokenizer.save_pretrained(tmp_path / "student")
    return str(tmp_path / "student")


def work(student, work_dir, settings, progress):
    return train(
        student,
        load_method("cascod"),
        # Not a multiple of a step's records: the last step of an epoch has one.
        make_records(9),
        answer_weight=0.3,
        settings=TrainingSettings(
            **{"epochs": 4, "batch_size": 4, "micro_batch_size": 2, "learning_rate": 1e-3}
            | settings
        ),
        seed=1,
        data_fingerprint="abc",
        work_dir=work_dir,
        progress=progress,
    )


def run_on(devices, student, work_dir, progress=None, **settings):
    if devices == 1:
        return work(student, work_dir, settings, progress)
    settings |= {"devices": devices}
    return on_devices(devices, partial(work, student, work_dir, settings), progress, threads=2)


def weights(work_dir):
    return load_file(work_dir / "checkpoint" / "model.safetensors")


def logged(work_dir):
    """Gradient norm and losses of the tenth step, and the loss over all steps."""
    tenth, over_all = read_json(work_dir / "training_log.json", list)
    return tenth | {"train_loss": over_all["train_loss"]}


def largest_difference(a, b):
    assert a.keys() == b.keys()
    return max((a[name] - b[name]).abs().max().item() for name in a)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [{}, {"strategy": "fsdp"}, {"micro_batch_tokens": 150}],
    ids=["ddp", "fsdp", "budget"],
)
def test_two_devices_train_as_one(student, tmp_path, settings):
    run_on(1, student, tmp_path / "one")
    steps = []
    costs = run_on(
        2, student, tmp_path / "two", lambda done, total: steps.append((done, total)), **settings
    )
    assert steps == [(step, 12) for step in range(1, 13)]
    assert costs.steps == 12
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert largest_difference(one, two) < 1e-5
    assert largest_difference(one, load_file(Path(student) / "model.safetensors")) > 1e-3
    # AdamW takes the same step of gradients twice as long; their norm tells.
    assert logged(tmp_path / "two") == pytest.approx(logged(tmp_path / "one"), rel=1e-4)
    assert {f.name for f in (tmp_path / "one").rglob("*")} == {
        f.name for f in (tmp_path / "two").rglob("*")
    }


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["ddp", "fsdp"])
def test_a_training_cut_off_goes_on_from_its_last_checkpoint(student, tmp_path, strategy):
    run_on(2, student, tmp_path / "whole", strategy=strategy)

    def interrupt(done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_on(2, student, tmp_path / "cut", interrupt, strategy=strategy)
    assert not ranks_of(os.getpid())
    # The kill may also come while a checkpoint is being written.
    (tmp_path / "cut" / "trainer" / "checkpoint-7").mkdir(exist_ok=True)
    done = []
    run_on(2, student, tmp_path / "cut", lambda step, _: done.append(step), strategy=strategy)
    assert done[0] == 4
    whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"batch_size": 9, "devices": 2}, r"micro_batch_size x devices \(8\)"),
        ({"batch_size": 9, "devices": 2, "micro_batch_tokens": 64}, r"training.devices \(2\)"),
        ({"strategy": "fsdp", "devices": 2, "lora": LORA}, "take ddp"),
        ({"strategy": "fsdp"}, "fsdp parts weights among several devices"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, fault):
    with pytest.raises(ValueError, match=fault):
        TrainingSettings(**settings)


def ranks_of(parent):
    """Living processes of a group that a process started."""
    return [
        child
        for child in psutil.Process(parent).children(recursive=True)
        if "spawn_main" in " ".join(child.cmdline())
    ]


@pytest.mark.slow
def test_a_divergence_comes_whole_out_of_the_group(student, tmp_path):
    with pytest.raises(Diverged, match="the loss is nan") as caught:
        run_on(2, student, tmp_path / "run", learning_rate=1e30, max_grad_norm=1e30)
    assert caught.value.step > 1
    assert (tmp_path / "run" / "training_log.json").exists()
    assert not (tmp_path / "run" / "trainer").exists()


def refuse(_progress):
    raise UserError("records: none fits")


def fall_silent(_progress):
    if os.environ["RANK"] == "1":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(600)


def break_down(_progress):
    return [][int(os.environ["RANK"])]


@pytest.mark.parametrize(
    ("work", "error", "message"),
    [
        (refuse, UserError, "^records: none fits$"),
        (fall_silent, UserError, "the process of device 1 ended unexpectedly"),
        (break_down, RuntimeError, "IndexError"),
    ],
)
def test_what_a_process_meets_is_told_and_ends_the_others(work, error, message):
    with pytest.raises(error, match=message):
        on_devices(2, work, None, threads=2)
    assert not ranks_of(os.getpid())


def wait_for_ever(_progress):
    _progress(1, 2)
    time.sleep(600)


def test_no_process_outlives_a_killed_parent():
    code = (
        "from test_devices import *\n"
        "if __name__ == '__main__':\n"
        "    on_devices(2, wait_for_ever, lambda *done: print(*done, flush=True), threads=2)"
    )
    here = Path(__file__).parent
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(here), *sys.path])},
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"1 2\n"
    ranks = ranks_of(parent.pid)
    assert len(ranks) == 2
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs(ranks, timeout=20)
    assert not alive
