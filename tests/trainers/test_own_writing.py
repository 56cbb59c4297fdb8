"""Methods that go through TRL's own trainers: preferences, and a teacher of what students write."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file
from small_students import make_pairs, make_records, small_llama

from tasks.errors import UserError
from trainers.encoding import encode_records
from trainers.methods import load_method
from trainers.on_policy_trainer import on_policy_trainer, prompt_ids
from trainers.preference_trainer import BETA, pair, preference_trainer
from trainers.settings import LoRASettings, TrainingSettings
from trainers.students.tiny import TinyRecipe, new_model, train_tokenizer
from trainers.train import train

DPO, ON_POLICY = load_method("dpo"), load_method("on_policy")
SETTINGS = {"batch_size": 4, "micro_batch_size": 2, "learning_rate": 1e-2}
LORA = LoRASettings(r=4, alpha=8, target_modules=("q_proj", "v_proj"))


@pytest.fixture
def student(tokenizer, tmp_path):
    path = tmp_path / "student"
    small_llama(tokenizer).float().save_pretrained(path)
    tokenizer.save_pretrained(path)
    return str(path)


@pytest.fixture
def teacher(tokenizer, tmp_path):
    """Another model of the same tokens, wider."""
    path = tmp_path / "teacher"
    recipe = TinyRecipe(hidden_size=48, intermediate_size=64, layers=2, heads=2, seed=3)
    new_model(recipe, tokenizer).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return str(path)


def log_p(model, prompt, written):
    """The log-probabilities of all tokens at each place of what was written, (T, V)."""
    logits = model(input_ids=torch.tensor([[*prompt, *written]])).logits[0]
    return logits[len(prompt) - 1 : -1].log_softmax(-1)


def sum_log_p(model, prompt, written):
    return log_p(model, prompt, written)[range(len(written)), written].sum()


def moved(model):
    """The model with other weights, so that it differs from what it is compared with."""
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.02 * torch.randn_like(weight)
    return model


def test_dpo_loss_is_that_of_a_direct_computation(tokenizer, tmp_path):
    records = [record for record in make_pairs(3) if record.dual]
    rows = encode_records(tokenizer, DPO, records, max_length=512).rows
    student, reference = small_llama(tokenizer).float(), small_llama(tokenizer).float()
    trainer = preference_trainer(
        student,
        tokenizer,
        rows,
        settings=TrainingSettings(**SETTINGS),
        seed=0,
        output_dir=tmp_path,
    )
    moved(student)
    batch = trainer.data_collator([pair(*of_record) for of_record in rows])
    direct = []
    for record in (pair(*of_record) for of_record in rows):
        ratio = {
            side: sum_log_p(student, record["prompt_ids"], record[f"{side}_ids"])
            - sum_log_p(reference, record["prompt_ids"], record[f"{side}_ids"])
            for side in ("chosen", "rejected")
        }
        direct.append(-torch.nn.functional.logsigmoid(BETA * (ratio["chosen"] - ratio["rejected"])))
    assert trainer.compute_loss(student, batch).item() == pytest.approx(
        torch.stack(direct).mean().item(), rel=1e-4
    )


def test_a_pair_is_two_chains_with_their_ends_behind_one_prompt(tokenizer):
    [[right, wrong]] = encode_records(tokenizer, DPO, make_pairs(1), max_length=512).rows
    columns = pair(right, wrong)
    assert columns["prompt_ids"] + columns["chosen_ids"] == right.input_ids
    assert columns["prompt_ids"] + columns["rejected_ids"] == wrong.input_ids
    assert columns["chosen_ids"][-1] == columns["rejected_ids"][-1] == tokenizer.eos_token_id


def test_on_policy_loss_is_the_reverse_divergence_of_a_direct_computation(
    tokenizer, student, teacher, tmp_path
):
    rows = encode_records(tokenizer, ON_POLICY, make_records(4), max_length=512).rows
    trainer = on_policy_trainer(
        small_llama(tokenizer).float(),
        tokenizer,
        rows,
        teacher=teacher,
        end_of_turn=tokenizer.eos_token_id,
        max_new_tokens=3,
        settings=TrainingSettings(**SETTINGS),
        seed=0,
        output_dir=tmp_path / "trainer",
    )
    model = trainer.model
    model.train()
    # It writes three tokens behind each prompt, as it was encoded.
    batch = trainer._prepare_inputs([{"prompt": prompt_ids(first)} for first, *_ in rows])
    read, written = batch["prompt_mask"].bool(), batch["completion_mask"].bool()
    prompts = [ids[mask].tolist() for ids, mask in zip(batch["prompt_ids"], read, strict=True)]
    assert all(prompt in [prompt_ids(first) for first, *_ in rows] for prompt in prompts)
    terms = []
    for prompt, ids, mask in zip(prompts, batch["completion_ids"], written, strict=True):
        own = log_p(model, prompt, ids[mask].tolist())
        theirs = log_p(trainer.teacher_model, prompt, ids[mask].tolist())
        terms.append((own.exp() * (own - theirs)).sum())
    direct = torch.stack(terms).sum() / batch["num_items_in_batch"]
    assert trainer.compute_loss(model, batch).item() == pytest.approx(direct.item(), rel=1e-4)


@pytest.mark.parametrize("method", [DPO, ON_POLICY], ids=lambda method: method.name)
@pytest.mark.parametrize("lora", [None, LORA], ids=["full", "lora"])
def test_it_trains_a_student_and_says_what_that_took(student, teacher, tmp_path, method, lora):
    costs = train(
        student,
        method,
        make_pairs(12),
        answer_weight=0.3,
        settings=TrainingSettings(**SETTINGS, epochs=2, lora=lora),
        seed=1,
        data_fingerprint="abc",
        work_dir=tmp_path / "run",
        max_rationale_tokens=12,
        max_answer_tokens=4,
        teacher=teacher,
    )
    assert costs.steps == (6 if method is DPO else 4)  # a step that is not full is left out
    assert 0 < costs.target_tokens < costs.tokens
    assert costs.flops > 0
    checkpoint = tmp_path / "run" / "checkpoint"
    if lora:
        adapter = load_file(checkpoint / "adapter_model.safetensors")
        assert any(weight.any() for name, weight in adapter.items() if "lora_B" in name)
    else:
        before, after = (load_file(f"{place}/model.safetensors") for place in (student, checkpoint))
        assert all((before[name] != after[name]).any() for name in before)


def test_dpo_goes_on_with_an_earlier_phases_adapter(student, tmp_path):
    def phase(method, name, **more):
        train(
            student,
            load_method(method),
            make_pairs(8),
            answer_weight=0.3,
            settings=TrainingSettings(**SETTINGS, lora=LORA),
            seed=1,
            data_fingerprint="abc",
            work_dir=tmp_path / name,
            **more,
        )
        return load_file(tmp_path / name / "checkpoint" / "adapter_model.safetensors")

    first = phase("rectified", "first")
    second = phase("dpo", "second", starts_from=tmp_path / "first" / "checkpoint")
    assert first.keys() == second.keys()
    distance = {name: (second[name] - first[name]).abs().max() for name in first}
    assert 0 < max(distance.values()) < 0.5


def test_a_teacher_that_reads_other_tokens_is_refused(tokenizer, student, tmp_path):
    other = train_tokenizer(["entirely other words"] * 20, 300)
    new_model(TinyRecipe(hidden_size=48, layers=2, heads=2), other).save_pretrained(tmp_path / "t")
    other.save_pretrained(tmp_path / "t")
    with pytest.raises(UserError, match="its tokens are not the student's"):
        train(
            student,
            ON_POLICY,
            make_records(4),
            answer_weight=0.3,
            settings=TrainingSettings(**SETTINGS),
            seed=1,
            data_fingerprint="abc",
            work_dir=tmp_path / "run",
            teacher=str(tmp_path / "t"),
        )
