"""A training run as a whole: what it leaves behind, and that a killed one ends the same."""

from __future__ import annotations

import dataclasses
import json
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file
from small_students import make_records, small_llama

from trainers.checkpoint import load_student
from trainers.divergence import Diverged
from trainers.methods import load_method
from trainers.protocol import Protocol
from trainers.settings import LoRASettings, TrainingSettings
from trainers.train import train


@pytest.fixture
def student(tokenizer, tmp_path):
    path = tmp_path / "student"
    small_llama(tokenizer).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return str(path)


def run(student, work_dir, progress=None, **settings):
    return train(
        student,
        load_method("cascod"),
        make_records(12),
        answer_weight=0.3,
        settings=TrainingSettings(
            **{"epochs": 3, "batch_size": 4, "micro_batch_size": 2, "learning_rate": 1e-2}
            | settings
        ),
        seed=1,
        data_fingerprint="abc",
        work_dir=work_dir,
        max_rationale_tokens=40,
        max_answer_tokens=8,
        progress=progress,
    )


def weights(work_dir):
    return load_file(work_dir / "checkpoint" / "model.safetensors")


def test_leaves_weights_protocol_log_and_costs(student, tmp_path):
    steps = []
    costs = run(student, tmp_path / "run", progress=lambda done, total: steps.append((done, total)))
    assert Protocol.load(tmp_path / "run" / "checkpoint") == dataclasses.replace(
        load_method("cascod").protocol(0.3, "abc"), max_rationale_tokens=40, max_answer_tokens=8
    )
    log = json.loads((tmp_path / "run" / "training_log.json").read_text())
    assert all(row["loss_rationale"] > 0 for row in log if "loss" in row)
    assert steps == [(i, 9) for i in range(1, 10)]
    assert costs.steps == 9
    assert 0 < costs.target_tokens < costs.tokens
    assert costs.flops > 0
    assert costs.seconds > 0


def test_a_protocol_written_before_it_held_limits_still_loads(tmp_path):
    method = load_method("cascod").protocol(0.3, "abc")
    (tmp_path / "cascod_protocol.json").write_text(json.dumps(method.sent()))
    assert Protocol.load(tmp_path) == method


def test_loss_falls(student, tmp_path):
    run(student, tmp_path / "run", epochs=20)
    losses = [
        row["loss"]
        for row in json.loads((tmp_path / "run" / "training_log.json").read_text())
        if "loss" in row
    ]
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("schedule", [{}, {"lr_decay_per_epoch": 0.5}])
def test_a_run_killed_in_the_middle_ends_with_the_same_weights(student, tmp_path, schedule):
    run(student, tmp_path / "whole", **schedule)

    def kill(done: int, _total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(student, tmp_path / "cut", progress=kill, **schedule)
    # The kill may also come while a checkpoint is being written.
    (tmp_path / "cut" / "trainer" / "checkpoint-6").mkdir()
    done = []
    run(student, tmp_path / "cut", progress=lambda step, _: done.append(step), **schedule)
    assert done[0] == 4
    whole, resumed = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


LORA = LoRASettings(r=4, alpha=8, target_modules=("q_proj", "v_proj"))


@pytest.mark.parametrize(
    "settings",
    [{}, {"micro_batch_size": 1}, {"lora": LORA}, {"precision": "bfloat16"}],
    ids=["whole", "accumulated", "lora", "bfloat16"],
)
def test_a_loss_that_is_not_finite_ends_the_training_with_its_step(student, tmp_path, settings):
    with pytest.raises(Diverged, match=r"^training diverged at step \d: the loss is nan") as caught:
        run(student, tmp_path / "run", learning_rate=1e30, max_grad_norm=1e30, **settings)
    assert 1 < caught.value.step < 9
    assert not (tmp_path / "run" / "training.json").exists()
    assert not (tmp_path / "run" / "checkpoint").exists()
    # Nothing is left that a second attempt would go on from.
    assert not (tmp_path / "run" / "trainer").exists()


def test_weights_broken_by_the_very_last_step_are_no_result(student, tmp_path):
    with pytest.raises(Diverged, match=r"training diverged at step 1: .* not finite"):
        run(student, tmp_path / "run", epochs=1, batch_size=12, learning_rate=1e39)


def test_a_resumed_training_that_diverges_names_the_step_of_the_whole(student, tmp_path):
    def broken(done: int, _total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(student, tmp_path / "run", progress=broken)
    (checkpoint,) = (tmp_path / "run" / "trainer").glob("checkpoint-3/model.safetensors")
    held = load_file(checkpoint)
    held["model.norm.weight"][0] = float("nan")
    save_file(held, checkpoint, metadata={"format": "pt"})
    with pytest.raises(Diverged, match="at step 4: the loss is nan"):
        run(student, tmp_path / "run")


def test_divergence_comes_whole_out_of_another_process():
    there = pickle.loads(pickle.dumps(Diverged(12, "the loss is nan")))
    assert (there.step, str(there)) == (12, "training diverged at step 12: the loss is nan")


def test_the_learning_rate_falls_by_a_factor_each_epoch(student, tmp_path):
    run(student, tmp_path / "run", epochs=30, lr_decay_per_epoch=0.9)
    rates = {
        row["epoch"]: row["learning_rate"]
        for row in json.loads((tmp_path / "run" / "training_log.json").read_text())
        if "learning_rate" in row
    }
    for epoch, rate in rates.items():
        # What is logged is the rate that the step just taken had.
        assert rate == pytest.approx(1e-2 * 0.9 ** int(epoch - 1e-6), rel=1e-3)


def test_lora_leaves_an_adapter_that_loads_as_a_merged_student(student, tmp_path):
    run(student, tmp_path / "run", lora=LORA)
    assert (tmp_path / "run" / "checkpoint" / "adapter_config.json").exists()
    merged, _ = load_student(str(tmp_path / "run" / "checkpoint"))
    base, _ = load_student(student)
    q = "model.layers.0.self_attn.q_proj.weight"
    assert not torch.equal(merged.state_dict()[q], base.state_dict()[q])


def test_seeds_differ_and_repeat(student, tmp_path):
    def trained(name: str, seed: int) -> torch.Tensor:
        train(
            student,
            load_method("std_cot"),
            make_records(8),
            answer_weight=0.3,
            settings=TrainingSettings(batch_size=4),
            seed=seed,
            data_fingerprint="",
            work_dir=tmp_path / name,
        )
        return weights(tmp_path / name)["lm_head.weight"]

    assert torch.equal(trained("a", 1), trained("b", 1))
    assert not torch.equal(trained("a2", 1), trained("c", 2))


def test_settings_refuse_unknown_keys_and_impossible_values():
    with pytest.raises(ValueError, match="learning_rat"):
        TrainingSettings.model_validate({"learning_rat": 1})
    with pytest.raises(ValueError, match="epochs"):
        TrainingSettings(epochs=0)


def test_costs_are_plain_json(student, tmp_path):
    costs = run(student, tmp_path / "run", epochs=1)
    assert json.loads(json.dumps(costs.to_row())) == dataclasses.asdict(costs)
