"""Every row of the table of cues, held to its own example and near miss; hostile texts."""

import pytest

from tasks.scoring.cue_table import CUES, Cue
from tasks.scoring.cues import split_at_cue
from tasks.scoring.score import score

LANGUAGES = {"ar", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "pt", "ru", "zh"}
LONG = 100_000
HOSTILE = [
    *("so " * LONG, "answer " * LONG, "final " * LONG, "answer" + " " * LONG, "#### \n" * LONG),
    *("####" + " " * LONG + "x", "**Answer" + "*" * LONG + "x", "_*" * LONG, "not but " * LONG),
    *(
        '"answer": "' * LONG,
        '"answer": [' * LONG,
        "| answer | " * LONG,
        "答案" * LONG,
        "答えは" * LONG,
    ),
    *(
        "la réponse " * LONG,
        "the answer is not " + "a " * LONG,
        "所以" * LONG,
        "答案是" + "。" * LONG,
    ),
    *("</s>" * LONG, "\n </s>" * LONG, "the answer is" + "\n#" * LONG, "answer:" + ":\n*" * LONG),
    *("so 1 is " * LONG, "so " + "1," * LONG, "उत्तर है " * LONG, "```\n" * LONG, "답" * LONG),
]


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: f"{cue.language}: {cue.name}")
def test_a_cue_is_found_in_its_example_and_not_in_its_near_miss(cue: Cue) -> None:
    found = split_at_cue(cue.example)
    assert found.cues_found == 1
    assert (found.answer or "").strip(" .。।です입니다है")[:1] in {"4", "B", "("}
    assert split_at_cue(cue.near_miss).cues_found == 0


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: f"{cue.language}: {cue.name}")
def test_a_stem_stands_in_every_example_and_is_in_lower_case(cue: Cue) -> None:
    assert any(stem in cue.example.lower() for stem in cue.stems)
    assert all(stem == stem.lower() for stem in cue.stems)


def test_names_differ_and_every_language_has_a_row() -> None:
    assert len({cue.name for cue in CUES}) == len(CUES)
    assert {cue.language for cue in CUES} == LANGUAGES


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize("answer_type", ["choice", "free_text"])
def test_a_hostile_text_of_any_length_is_read(text: str, answer_type: str) -> None:
    for said in (text[:LONG], "The answer is " + text[:LONG]):
        score(said, ["(B)"], answer_type)  # type: ignore[arg-type]


def test_a_heading_in_four_hashes_is_no_announcement() -> None:
    steps = "#### Step 1: Add\n2 + 2 = 4\n#### 2. Check\nIt holds.\n#### Conclusion\nSo \\boxed{4}."
    split = split_at_cue(steps)
    assert (split.answer, split.cues_found) == ("4", 1)


def test_a_rationale_does_not_keep_the_dress_of_the_announcement() -> None:
    assert split_at_cue("2 + 2\n\n### ✅ **Final Answer:** 4").rationale == "2 + 2"
    assert split_at_cue('2 + 2\n```json\n{"answer": 4}\n```').rationale == "2 + 2"
    assert split_at_cue("2 + 2 は 4。したがって、答えは4です。").rationale == "2 + 2 は 4。"


def test_nothing_is_read_behind_the_end_of_a_turn() -> None:
    said = (
        "2 + 2.<|im_end|>\n<|im_start|>user\nSo?<|im_end|>\n<|im_start|>assistant\nThe answer is 4."
    )
    assert split_at_cue(said).answer is None
    assert split_at_cue("The answer is 4.<end_of_turn>\nThe answer is 5.").answer == "4."
