"""The matrices of a student that LoRA adapts, told without its weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.errors import UserError
from trainers.model_shape import ModelShape

Matrices = Mapping[str, tuple[int, int]]
"""Inputs and outputs of every matrix of a student, embeddings included, by its module's name."""


def matrices_of_model(config: Any) -> Matrices:
    """The matrices of the model that a `transformers` configuration leads to."""
    import torch
    from torch.nn import Embedding, Linear
    from transformers import AutoModelForCausalLM
    from transformers.pytorch_utils import Conv1D

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, Linear | Embedding | Conv1D):
            first, second = module.weight.shape
            # Which of the two sizes is that of the inputs differs between these.
            found[name] = (second, first) if isinstance(module, Linear) else (first, second)
    return found


def matrices_of_shape(shape: ModelShape) -> Matrices:
    """The matrices of the layers of a student of which only the shape is known."""
    return {
        f"{layer}.{name}": sizes
        for layer in range(shape.layers)
        for name, sizes in shape.matrices.items()
    }


def adapter_parameters(
    student: str, matrices: Matrices, target_modules: Sequence[str], rank: int
) -> int:
    """Trained weights of LoRA adapters on the matrices named, all layers together.

    A target names the matrices whose module's name it ends, as in PEFT, which lets pass a target
    that names none beside others that do. UserError for one that does.
    """
    chosen = {target: _named(matrices, target) for target in target_modules}
    if missing := [target for target, names in chosen.items() if not names]:
        last = sorted({name.split(".")[-1] for name in matrices})
        raise UserError(
            f"training.lora.target_modules: student {student} has no {', '.join(missing)}; "
            f"it has {', '.join(last)}"
        )
    adapted = {name for names in chosen.values() for name in names}
    return rank * sum(sum(matrices[name]) for name in adapted)


def _named(matrices: Matrices, target: str) -> list[str]:
    return [name for name in matrices if f".{name}".endswith(f".{target}")]
