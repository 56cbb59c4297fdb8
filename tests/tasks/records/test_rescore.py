import json
import os
from pathlib import Path
from typing import Any

import pytest

from tasks.records.rescore import TaskScore, rescore_file

# Chain-of-thought accuracies of code-davinci-002 in percent, Suzgun et al. 2022 (arXiv 2210.09261),
# table of all tasks; the paper averages the three sizes of its logical and tracking tasks.
PUBLISHED = {
    "boolean_expressions": 92.8,
    "causal_judgement": 54.0,
    "date_understanding": 87.2,
    "disambiguation_qa": 76.0,
    "dyck_languages": 56.8,
    "formal_fallacies": 50.4,
    "geometric_shapes": 54.4,
    "hyperbaton": 66.4,
    "movie_recommendation": 90.4,
    "multistep_arithmetic_two": 47.6,
    "navigate": 96.4,
    "object_counting": 93.2,
    "penguins_in_a_table": 79.5,
    "reasoning_about_colored_objects": 91.6,
    "ruin_names": 68.4,
    "salient_translation_error_detection": 60.8,
    "snarks": 59.6,
    "sports_understanding": 97.6,
    "temporal_sequences": 96.8,
    "web_of_lies": 95.2,
    "word_sorting": 40.4,
}
PUBLISHED_OVER_THREE_SIZES = {"logical_deduction": 60.4, "tracking_shuffled_objects": 84.5}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def rows(task: str, target: str, *completions: str, **fields: Any) -> list[dict[str, Any]]:
    return [{"task": task, "target": target, "completion": c} | fields for c in completions]


def test_accuracy_and_unparsed_by_task(tmp_path: Path) -> None:
    sums = rows("sums", "5", "So the answer is 5.0.", "So the answer is 6.", "It is 5, I guess")
    fruit = rows("fruit", "(B)", "So the answer is (b).")
    scored = rescore_file(write(tmp_path / "a.jsonl", *sums, *fruit))
    assert scored.tasks == {
        "sums": TaskScore(n=3, correct=1, unparsed=1, unfinished_thoughts=0, constant=3),
        "fruit": TaskScore(n=1, correct=1, unparsed=0, unfinished_thoughts=0, constant=1),
    }
    assert scored.overall == TaskScore(4, 2, 1, 0, 4)
    assert scored.macro_accuracy == pytest.approx((1 / 3 + 1) / 2)


def test_the_json_form_is_what_others_read(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", *rows("sums", "5", "So the answer is 5.", "dunno"))
    assert rescore_file(source).to_json() == {
        "tasks": {
            "sums": {
                "accuracy": 0.5,
                "n": 2,
                "unparsed": 1,
                "unfinished_thoughts": 0,
                "constant_accuracy": 1.0,
            }
        }
    }


def test_rules_differ_where_they_should(tmp_path: Path) -> None:
    source = write(
        tmp_path / "a.jsonl",
        *rows("sums", "5", "Therefore, the answer is 5.", "Therefore, the answer is 5.0.", "5"),
    )
    correct = {rule: rescore_file(source, rule).tasks["sums"] for rule in ("strict", "exact")}
    assert (correct["strict"].correct, correct["strict"].unparsed) == (3, 0)
    assert (correct["exact"].correct, correct["exact"].unparsed) == (1, 1)
    assert rescore_file(source, "reference").tasks["sums"].correct == 0


def test_a_thought_without_an_end_is_told_from_an_answer_that_cannot_be_read(
    tmp_path: Path,
) -> None:
    said = ("<think>The answer is 5. Let me", "<think>6?</think>5", "<think>5</think> So it is.")
    task = rescore_file(write(tmp_path / "a.jsonl", *rows("sums", "5", *said))).tasks["sums"]
    assert (task.correct, task.unparsed, task.unfinished_thoughts) == (1, 2, 1)


def test_a_constant_answer_is_that_of_each_task(tmp_path: Path) -> None:
    fruit = [row for gold in "BBA" for row in rows("fruit", f"({gold})", "So the answer is (B).")]
    tie = {"task": "tie", "target": ["(A)", "(C)"], "completion": "(C)"}
    scored = rescore_file(write(tmp_path / "a.jsonl", *fruit, tie, tie | {"target": "(A)"}))
    assert scored.tasks["fruit"].constant_accuracy == pytest.approx(2 / 3)
    assert not scored.tasks["fruit"].beats_constant
    assert scored.tasks["tie"].constant == 2
    assert scored.overall.constant == 4


def test_with_options_label_and_text_both_answer_a_target_in_words(tmp_path: Path) -> None:
    said = ("So the answer is (B).", "So the answer is pear.", "So the answer is (A).")
    source = write(tmp_path / "a.jsonl", *rows("fruit", "pear", *said, options=["apple", "pear"]))
    assert rescore_file(source).tasks["fruit"].correct == 2


def test_a_row_may_say_its_answer_type_options_and_several_targets(tmp_path: Path) -> None:
    said = "So the answer is pear."
    source = write(
        tmp_path / "a.jsonl",
        *rows("fruit", "(B)", said, options=["apple", "pear"]),
        {"task": "tie", "target": ["(A)", "(B)"], "completion": "So the answer is (A)."},
        *rows("words", "pear", "So the answer is Pear!", answer_type="word_list"),
    )
    scored = rescore_file(source)
    assert scored.tasks["fruit"].correct == 1
    assert scored.tasks["tie"].correct == 1
    assert scored.tasks["words"].correct == 0


@pytest.fixture(scope="module")
def teacher() -> Path:
    data = os.environ.get("CASCOD_DATA")
    if not data:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    return Path(data) / "bbh_teacher"


@pytest.mark.real_data
def test_the_exact_rule_gives_the_published_accuracies(teacher: Path) -> None:
    tasks = rescore_file(teacher, "exact").tasks
    percent = {name: 100 * task.accuracy for name, task in tasks.items()}
    assert len(percent) == 27
    for name, published in PUBLISHED.items():
        assert round(percent[name], 1) == published, name
    for name, published in PUBLISHED_OVER_THREE_SIZES.items():
        sizes = [percent[f"{name}_{size}_objects"] for size in ("three", "five", "seven")]
        assert round(sum(sizes) / 3, 1) == published, name


@pytest.mark.real_data
def test_this_teacher_writes_so_plainly_that_strict_and_exact_agree(teacher: Path) -> None:
    strict, exact = rescore_file(teacher, "strict"), rescore_file(teacher, "exact")
    for name, task in strict.tasks.items():
        assert task.correct == exact.tasks[name].correct, name
    # Two answers at once, and answers that are no option, are read by one rule only.
    assert strict.overall.unparsed > exact.overall.unparsed == 236
