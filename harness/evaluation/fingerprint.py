"""What tells one checkpoint, or one text, from another."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from tasks.errors import UserError

CONFIGURATION = ("config.json", "adapter_config.json", "tokenizer.json", "tokenizer_config.json")
WEIGHTS = ("*.safetensors", "*.gguf", "*.bin")


def student_fingerprint(location: str, config: Any) -> str:
    """A student's fingerprint: of its weights, or its id and commit where it came from a hub."""
    if Path(location).is_dir():
        return weights_fingerprint(Path(location))
    return f"{location}@{getattr(config, '_commit_hash', None)}"


def weights_fingerprint(checkpoint: Path) -> str:
    """sha256 over names and contents of a checkpoint's weights, configuration and tokenizer.

    What else lies there (optimizer state, logs, the protocol) leaves it unchanged. UserError where
    the directory holds no weights.
    """
    if not checkpoint.is_dir():
        raise UserError(f"{checkpoint}: no such checkpoint directory")
    weights = {file for pattern in WEIGHTS for file in checkpoint.glob(pattern)}
    weights -= {file for file in weights if file.name in ("training_args.bin", "optimizer.bin")}
    if not weights:
        raise UserError(f"{checkpoint}: no weights in this directory ({', '.join(WEIGHTS)})")
    present = {checkpoint / name for name in CONFIGURATION if (checkpoint / name).exists()}
    digest = hashlib.sha256()
    for file in sorted(weights | present):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        digest.update(f"{file.name} {content}\n".encode())
    return digest.hexdigest()


def text_fingerprint(text: str) -> str:
    """sha256 of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()
