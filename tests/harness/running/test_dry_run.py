"""What presets would take, told without building or loading a student."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from trainers.model_shape import ModelShape
from trainers.students.tiny import TinyRecipe, find_tiny, new_model, train_tokenizer


@pytest.mark.parametrize("preset", ["demo", "attribution", "dose_response", "reasoning_space"])
def test_presets_of_a_student_that_is_not_built_yet_are_costed(
    preset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("CASCOD_CACHE", str(tmp_path))
    assert main(["run", preset, "--dry-run"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "student tiny: 2M parameters; tokens estimated at 3.4 characters each" in printed
    assert not list(tmp_path.iterdir())


def test_the_recipes_shape_is_that_of_the_student_it_leads_to() -> None:
    recipe = TinyRecipe(vocab_size=300)
    tokenizer = train_tokenizer(["one two three"] * 20, recipe.vocab_size)
    model = new_model(recipe, tokenizer)
    built = ModelShape.from_config(model.config)
    assert built.block_parameters == recipe.shape.block_parameters
    assert model.config.max_position_embeddings == recipe.context


def test_a_student_that_was_built_is_found(tmp_path: Path) -> None:
    recipe = TinyRecipe(documents=3)
    assert find_tiny(tmp_path, recipe) is None
    other = tmp_path / "students/tiny-other"
    other.mkdir(parents=True)
    (other / "config.json").write_text("{}")
    assert find_tiny(tmp_path, recipe) is None
