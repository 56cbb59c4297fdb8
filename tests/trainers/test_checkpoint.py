"""Weights that are not whole, and a disk that does not take them."""

from __future__ import annotations

import resource

import pytest
from small_students import small_llama

from tasks.errors import UserError
from trainers.checkpoint import load_student, writing_weights


@pytest.fixture
def student(tokenizer, tmp_path):
    path = tmp_path / "student"
    small_llama(tokenizer).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


@pytest.mark.parametrize("keep", [0, 4, 200, 5_000])
def test_truncated_weights_are_named(student, keep):
    file = student / "model.safetensors"
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(UserError, match=r"student .*student: cannot be loaded \(") as refused:
        load_student(str(student))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("config", ["[]", '{"model_type": "llama", "hidden_size": 7}', "{"])
def test_a_config_that_fits_no_model_is_named(student, config):
    (student / "config.json").write_text(config)
    with pytest.raises(UserError, match="cannot be loaded"):
        load_student(str(student))


def test_weights_that_a_full_disk_refuses_are_told_in_one_line(student, tokenizer, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with (
            pytest.raises(UserError, match="cannot be written") as refused,
            writing_weights(tmp_path / "out"),
        ):
            small_llama(tokenizer).save_pretrained(tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "\n" not in str(refused.value)
