"""A checkpoint's fingerprint follows what its replies depend on, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evaluation.fingerprint import (
    student_fingerprint,
    text_fingerprint,
    weights_fingerprint,
)
from tasks.errors import UserError


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    for name in ("model.safetensors", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_it_changes_with_weights_configuration_and_tokenizer(checkpoint: Path, name: str) -> None:
    before = weights_fingerprint(checkpoint)
    (checkpoint / name).write_text("other")
    assert weights_fingerprint(checkpoint) != before


def test_an_adapter_is_part_of_it(checkpoint: Path) -> None:
    before = weights_fingerprint(checkpoint)
    (checkpoint / "adapter_model.safetensors").write_text("adapter")
    assert weights_fingerprint(checkpoint) != before


@pytest.mark.parametrize("name", ["optimizer.pt", "training_args.bin", "cascod_protocol.json"])
def test_it_stays_when_other_files_change(checkpoint: Path, name: str) -> None:
    before = weights_fingerprint(checkpoint)
    (checkpoint / name).write_text("anything")
    (checkpoint / "eval").mkdir()
    assert weights_fingerprint(checkpoint) == before


def test_it_does_not_depend_on_where_the_checkpoint_lies(checkpoint: Path) -> None:
    before = weights_fingerprint(checkpoint)
    assert weights_fingerprint(checkpoint.rename(f"{checkpoint}-moved")) == before


def test_a_directory_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no weights"):
        weights_fingerprint(tmp_path)
    with pytest.raises(UserError, match="no such checkpoint"):
        weights_fingerprint(tmp_path / "absent")


def test_a_hub_student_is_known_by_id_and_commit() -> None:
    class Config:
        _commit_hash = "c0ffee"

    assert student_fingerprint("org/model", Config()) == "org/model@c0ffee"


def test_text_fingerprints_are_sha256() -> None:
    assert text_fingerprint("") == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
