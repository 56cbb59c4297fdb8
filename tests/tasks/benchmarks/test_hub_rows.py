"""The hub's row schema, on small datasets of that shape loaded by `datasets` from the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark_files import write_hub_dataset

from tasks.benchmarks import agieval, arc, bb_sub, bbh
from tasks.errors import UserError


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory that stands in for the hub: datasets are looked up in it by name."""
    import datasets

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    return tmp_path


def test_bbh_rows(hub: Path) -> None:
    rows = [{"input": "not True is", "target": "False"}, {"input": "True is", "target": "True"}]
    write_hub_dataset(hub, "SaylorTwift/bbh", "boolean_expressions", "test", rows)
    first, second = bbh.task_problems(None, "boolean_expressions", None)
    assert (first.question, first.golds, first.id) == (
        "not True is",
        ("False",),
        "boolean_expressions/0",
    )
    assert second.description == "boolean expressions"


def test_bigbench_rows(hub: Path) -> None:
    def row(index: int) -> dict[str, object]:
        return {
            "idx": index,
            "inputs": f"Choose.\n\nQ: No tree ({index})?\n  choice: oak\n  choice: iron\nA:",
            "targets": ["iron"],
            "multiple_choice_targets": ["oak", "iron"],
            "multiple_choice_scores": [0, 1],
        }

    write_hub_dataset(
        hub, "hails/bigbench", "odd_one_out_zero_shot", "default", [row(i) for i in range(130)]
    )
    items = bb_sub.task_problems(None, "odd_one_out")
    assert len({item.id for item in items}) == 100
    for item in items:
        index = item.id.removeprefix("odd_one_out/")
        assert item.question.startswith(f"Choose.\n\nQ: No tree ({index})?\nOptions:\n(A) ")
        assert item.options[ord(item.golds[0][1]) - ord("A")] == "iron"
    assert "choice:" not in items[0].question


def test_agieval_rows_equal_those_of_the_local_format(hub: Path) -> None:
    query = (
        "They sailed.Q: Where to? Answer Choices: (A)north (B)south\n"
        "A: Among A through B, the answer is"
    )
    row = {"query": query, "choices": ["(A)north", "(B)south"], "gold": [1]}
    write_hub_dataset(hub, "hails/agieval-lsat-rc", "default", "test", [row])
    [item] = agieval.task_problems(None, "lsat-rc")
    assert item.question == "They sailed.\nWhere to?\nOptions:\n(A) north\n(B) south"
    assert item.golds == ("(B)",)
    assert item.cluster.startswith("passage/")


def test_arc_rows(hub: Path) -> None:
    row = {
        "id": "X_1",
        "question": "Hot?",
        "choices": {"text": ["ice", "fire"], "label": ["1", "2"]},
        "answerKey": "2",
    }
    write_hub_dataset(hub, "allenai/ai2_arc", "ARC-Challenge", "test", [row])
    [item] = arc.task_problems(None, "arc_challenge")
    assert item.question == "Hot?\nOptions:\n(A) ice\n(B) fire"
    assert item.golds == ("(B)",)


def test_a_dataset_that_cannot_be_loaded_is_named_with_the_way_out(hub: Path) -> None:
    (hub / "allenai" / "ai2_arc").mkdir(parents=True)
    with pytest.raises(UserError, match=r"allenai/ai2_arc \(ARC-Easy\): cannot be read.*--data"):
        arc.task_problems(None, "arc_easy")
