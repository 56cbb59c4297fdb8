"""The strict rule on hand-labelled outputs as chat and reasoning models write them today."""

import json
from pathlib import Path
from typing import Any

import pytest

from tasks.scoring.score import score

LABELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "modern_labels.jsonl").read_text("utf-8").splitlines()
]
# What a careful reader reads and the strict rule does not, by design.
KNOWN_LIMITS = {
    "German, decimal comma": '"3,5" is also two numbers; readers are not told the language',
    "French, decimal comma": '"3,5" is also two numbers; readers are not told the language',
    "corrects itself without a cue": "what follows the sentence of an answer is its reason",
}


@pytest.mark.parametrize("label", LABELS, ids=lambda label: label["why"])
def test_the_strict_rule_agrees_with_hand_labels(label: dict[str, Any]) -> None:
    result = score(
        label["completion"],
        [label["gold"]],
        label["answer_type"],
        options=label.get("options", ()),
    )
    agrees = (result.parsed, result.correct, result.unfinished_thought) == (
        label["answer"],
        label["correct"],
        label.get("unfinished", False),
    )
    assert agrees != (label["why"] in KNOWN_LIMITS), result


def test_the_labels_are_many_and_differ() -> None:
    assert len({label["completion"] for label in LABELS}) == len(LABELS) >= 300
    assert set(KNOWN_LIMITS) < {label["why"] for label in LABELS}
