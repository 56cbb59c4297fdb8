"""The strict rule on hand-labelled outputs that think, box, tag or write fractions."""

import json
from pathlib import Path
from typing import Any

import pytest

from tasks.scoring.score import score

LABELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "thinking_labels.jsonl").read_text().splitlines()
]


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label["why"])
def test_the_strict_rule_agrees_with_hand_labels(label: dict[str, Any]) -> None:
    result = score(
        label["completion"],
        [label["gold"]],
        label["answer_type"],
        options=label.get("options", ()),
    )
    assert (result.parsed, result.correct) == (label["answer"], label["correct"])
    assert result.unfinished_thought == label.get("unfinished", False)


def test_the_labels_are_many_and_differ() -> None:
    assert len({(label["completion"], label["gold"]) for label in LABELS}) == len(LABELS) >= 60
    assert sum(label.get("unfinished", False) for label in LABELS) >= 10


@pytest.mark.parametrize("rule", ["reference", "exact"])
def test_the_other_rules_read_thoughts_as_published_figures_did(rule: Any) -> None:
    thinking = "<think>Therefore, the answer is (B)"
    assert score(thinking, ["(B)"], "choice", rule=rule).correct
