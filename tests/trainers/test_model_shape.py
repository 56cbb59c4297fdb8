"""Shapes read off configurations: as many parameters as the models have that these lead to."""

from __future__ import annotations

import re
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    Gemma2Config,
    Gemma3TextConfig,
    GPT2Config,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    OPTConfig,
    PreTrainedConfig,
    Qwen2Config,
    Qwen3Config,
)

from trainers.lora_targets import adapter_parameters, matrices_of_model, matrices_of_shape
from trainers.model_shape import ModelShape
from trainers.students.gguf_wheels import GEMMA3, SMOLLM2


def sizes(layers: int, hidden: int, inner: int, heads: int, kv_heads: int) -> dict[str, Any]:
    return {
        "num_hidden_layers": layers,
        "hidden_size": hidden,
        "intermediate_size": inner,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
    }


# As published with each model.
SMOLLM2_135M = LlamaConfig(
    **sizes(30, 576, 1536, 9, 3), vocab_size=49_152, tie_word_embeddings=True
)
GEMMA3_270M = Gemma3TextConfig(**sizes(18, 640, 2048, 4, 1), vocab_size=262_144, head_dim=256)
PUBLISHED = {
    "Llama 2 7B": (
        LlamaConfig(**sizes(32, 4096, 11_008, 32, 32), vocab_size=32_000),
        6_738_415_616,
    ),
    "TinyLlama 1.1B": (
        LlamaConfig(**sizes(22, 2048, 5632, 32, 4), vocab_size=32_000),
        1_100_048_384,
    ),
    "SmolLM2 135M": (SMOLLM2_135M, 134_515_008),
    "Gemma 3 270M": (GEMMA3_270M, 268_098_176),
    "Qwen3 0.6B": (
        Qwen3Config(
            **sizes(28, 1024, 3072, 16, 8),
            vocab_size=151_936,
            head_dim=128,
            tie_word_embeddings=True,
        ),
        596_049_920,
    ),
    "Qwen2.5 0.5B": (
        Qwen2Config(**sizes(24, 896, 4864, 14, 2), vocab_size=151_936, tie_word_embeddings=True),
        494_032_768,
    ),
    "GPT-2": (GPT2Config(), 124_439_808),
    "Pythia 160M": (
        GPTNeoXConfig(
            num_hidden_layers=12,
            hidden_size=768,
            intermediate_size=3072,
            num_attention_heads=12,
            vocab_size=50_304,
        ),
        162_322_944,
    ),
    "OPT 125M": (OPTConfig(), 125_239_296),
    "Gemma 2 2B": (
        Gemma2Config(**sizes(26, 2304, 9216, 8, 4), vocab_size=256_000, head_dim=256),
        2_614_341_888,
    ),
    "Mistral 7B": (
        MistralConfig(**sizes(32, 4096, 14_336, 32, 8), vocab_size=32_000),
        7_241_732_096,
    ),
}
A_LAYER = re.compile(r"\.(layers|h)\.\d+\.")
on_published = pytest.mark.parametrize(
    ("config", "published"), PUBLISHED.values(), ids=list(PUBLISHED)
)


def without_weights(config: PreTrainedConfig) -> Any:
    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(config)


@on_published
def test_a_shape_has_the_parameters_of_its_model(config: PreTrainedConfig, published: int) -> None:
    model = without_weights(config)
    assert ModelShape.from_config(config).parameters == model.num_parameters() == published


@on_published
def test_its_matrices_are_those_of_the_layers(config: PreTrainedConfig, published: int) -> None:
    shape = ModelShape.from_config(config)
    matrices = matrices_of_model(config)
    in_layers = sum(a * b for name, (a, b) in matrices.items() if A_LAYER.search(name))
    assert shape.block_parameters == in_layers
    assert sum(a * b for a, b in matrices_of_shape(shape).values()) == in_layers


@pytest.mark.parametrize(("config", "wheels"), [(SMOLLM2_135M, SMOLLM2), (GEMMA3_270M, GEMMA3)])
def test_the_shape_of_a_student_in_wheels_is_known_before_it_is_unpacked(
    config: PreTrainedConfig, wheels: Any
) -> None:
    assert wheels.shape.parameters == ModelShape.from_config(config).parameters
    assert wheels.shape.block_parameters == ModelShape.from_config(config).block_parameters


def test_a_pass_costs_what_the_heads_really_compute() -> None:
    """Gemma's four heads of 256 are wider than its hidden size of 640."""
    shape = ModelShape.from_config(GEMMA3_270M)
    one = shape.forward_flops(1, projected_tokens=0, attended=0)
    attended = shape.forward_flops(1, projected_tokens=0, attended=1) - one
    assert one == 2 * shape.block_parameters
    assert attended == 4 * 18 * 4 * 256


@pytest.mark.parametrize("targets", [("q_proj", "v_proj"), ("down_proj", "self_attn.o_proj")])
def test_adapters_have_the_weights_that_peft_gives_them(targets: tuple[str, ...]) -> None:
    from peft import LoraConfig, get_peft_model

    config = Gemma3TextConfig(**sizes(2, 32, 48, 4, 1), vocab_size=61, head_dim=16)
    model = get_peft_model(without_weights(config), LoraConfig(r=4, target_modules=list(targets)))
    trained = model.get_nb_trainable_parameters()[0]
    assert adapter_parameters("s", matrices_of_model(config), targets, 4) == trained


def test_adapters_of_joined_matrices_and_of_embeddings() -> None:
    from peft import LoraConfig, get_peft_model

    config, targets = GPT2Config(n_layer=2, n_embd=32, n_head=4), ["c_attn", "c_proj", "wte"]
    model = get_peft_model(
        without_weights(config), LoraConfig(r=4, target_modules=targets, fan_in_fan_out=True)
    )
    trained = model.get_nb_trainable_parameters()[0]
    assert adapter_parameters("s", matrices_of_model(config), targets, 4) == trained


def test_a_student_of_which_only_the_shape_is_known_has_llamas_matrices() -> None:
    shape = ModelShape.from_config(SMOLLM2_135M)
    targets = ("q_proj", "up_proj")
    known, built = matrices_of_shape(shape), matrices_of_model(SMOLLM2_135M)
    assert adapter_parameters("s", known, targets, 8) == adapter_parameters("s", built, targets, 8)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"layers": 0}, "every size"),
        ({"heads": 0}, "every size"),
        ({"head_dim": -1}, "every size"),
        ({"norms": -1}, "at least 0"),
        ({"gated_mlp": False, "biased": ("gate_proj",)}, "no gate_proj"),
    ],
)
def test_impossible_shapes_are_refused(wrong: dict[str, Any], said: str) -> None:
    fields = {"layers": 2, "hidden_size": 8, "intermediate_size": 16, "heads": 2, "kv_heads": 1}
    with pytest.raises(ValueError, match=said):
        ModelShape(**(fields | {"vocab_size": 9} | wrong))
