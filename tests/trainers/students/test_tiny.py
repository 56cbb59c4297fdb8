"""The student that is built here: its tokenizer, the heads it is born with, and its cache."""

from __future__ import annotations

from dataclasses import asdict

import pytest
import torch

from tasks.procedural.suite import pretraining_texts
from trainers.checkpoint import load_student
from trainers.students.muon import MuonWithAdamW
from trainers.students.sources import known_student
from trainers.students.tiny import (
    RECIPES,
    TinyRecipe,
    build_tiny,
    new_model,
    train_tokenizer,
)

every_recipe = pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
SMALL = TinyRecipe(
    vocab_size=700, hidden_size=64, intermediate_size=96, layers=2, heads=2, documents=96
)


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(
        ["".join(p.text for p in pieces) for pieces in pretraining_texts(seed=0, count=800)], 800
    )


@pytest.mark.parametrize(
    "text", ["Ann has 12.", "Héllo  wörld\t12.5\n\n (A)(B) — x", "", " (B)", "not ( True )\n"]
)
def test_encoding_loses_nothing(tokenizer, text):
    assert tokenizer.decode(tokenizer(text).input_ids) == text


def test_what_a_rationale_copies_is_one_token_wherever_it_stands(tokenizer):
    assert tokenizer.tokenize(" Ann 5 (B)") == ["ĠAnn", "Ġ5", "Ġ(B)"]
    assert tokenizer.tokenize(" 12") == ["Ġ1", "2"]


@every_recipe
def test_it_is_born_with_a_head_that_looks_one_token_back(recipe, tokenizer):
    torch.manual_seed(0)
    model = new_model(recipe, tokenizer)
    model.set_attn_implementation("eager")
    ids = torch.randint(2, len(tokenizer), (1, 48))
    attention = model(input_ids=ids, output_attentions=True).attentions[0]
    positions = torch.arange(1, 48)
    assert attention[0, 0, positions, positions - 1].min() > 0.9


@every_recipe
def test_it_is_born_with_a_head_that_finds_what_followed_last_time(recipe, tokenizer):
    model = new_model(recipe, tokenizer)
    model.set_attn_implementation("eager")
    text = " Thursday (A), Monday (B), Friday (C)\n\nSteps: 2 on. Monday"
    tokens = tokenizer(text, return_tensors="pt")
    attention = model(**tokens, output_attentions=True).attentions[1][0, 0, -1]
    assert tokenizer.decode(tokens.input_ids[0, attention.argmax()]) == " (B)"


@pytest.mark.parametrize(
    ("name", "fewest", "most"),
    [("nano", 0.4e6, 0.7e6), ("mini", 1.5e6, 2.5e6), ("tiny", 1.5e6, 2.5e6), ("small", 8e6, 15e6)],
)
def test_students_by_name_have_the_size_that_is_said_of_them(name, fewest, most, tokenizer):
    recipe = RECIPES[name]
    assert fewest < recipe.shape.parameters < most
    built = sum(p.numel() for p in new_model(recipe, tokenizer).parameters())
    spare = (recipe.vocab_size - len(tokenizer)) * recipe.hidden_size
    assert built == recipe.shape.parameters - spare
    assert known_student(name) == (recipe.shape, recipe.context)


def test_students_of_a_comparison_of_sizes_differ_in_their_shape_alone():
    shape = {"name", "hidden_size", "intermediate_size", "layers", "heads"}
    others = [
        {key: value for key, value in asdict(RECIPES[name]).items() if key not in shape}
        for name in ("nano", "mini", "small")
    ]
    assert others[0] == others[1] == others[2]


def test_muon_takes_the_matrices_and_adamw_the_rest(tokenizer):
    model = new_model(SMALL, tokenizer)
    optimizer = MuonWithAdamW(model, matrix_lr=1e-2, other_lr=1e-3)
    rates = {id(p): g["lr"] for g in optimizer.param_groups for p in g["params"]}
    assert rates.keys() == {id(p) for p in model.parameters()}
    assert rates[id(model.model.embed_tokens.weight)] == 1e-3
    assert rates[id(model.model.layers[0].mlp.up_proj.weight)] == 1e-2
    assert rates[id(model.model.norm.weight)] == 1e-3


@pytest.mark.slow
def test_it_is_built_once_and_ends_the_same_when_building_was_interrupted(tmp_path):
    steps = []
    whole = build_tiny(tmp_path / "whole", SMALL, lambda done, _: steps.append(done))
    assert steps == [1, 2, 3]
    assert build_tiny(tmp_path / "whole", SMALL, lambda *_: pytest.fail("built again")) == whole

    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_tiny(tmp_path / "cut", SMALL, stop)
    cut = build_tiny(tmp_path / "cut", SMALL)
    assert cut.name == whole.name
    a, b = (load_student(str(path))[0].state_dict() for path in (whole, cut))
    assert all(torch.equal(a[name], b[name]) for name in a)
