"""A student with random weights: these tests are about what runs, not about what is learnt."""

from __future__ import annotations

import pytest

from tasks.procedural.suite import pretraining_texts
from trainers.students.tiny import TinyRecipe, new_model, train_tokenizer


@pytest.fixture(scope="package")
def student(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its folder."""
    folder = tmp_path_factory.mktemp("student")
    texts = ["".join(p.text for p in ps) for ps in pretraining_texts(seed=0, count=500)]
    tokenizer = train_tokenizer(texts, 600)
    recipe = TinyRecipe(hidden_size=32, intermediate_size=64, layers=2, heads=2)
    new_model(recipe, tokenizer).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)
