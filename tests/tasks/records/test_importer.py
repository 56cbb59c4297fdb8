import json
import os
from pathlib import Path
from typing import Any

import pytest

from tasks.errors import UserError
from tasks.records.importer import ImportReport, TaskCounts, import_completions
from tasks.records.record import CoTRecord
from tasks.records.stories import causal_judgement_story

FRUIT = "Which is green?\nOptions:\n(A) apple\n(B) pear"


def row(completion: str, target: str = "(B)", **fields: Any) -> dict[str, Any]:
    return {"task": "fruit", "question": FRUIT, "target": target, "completion": completion} | fields


def write(path: Path, *rows: Any) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def imported(path: Path, **settings: Any) -> tuple[dict[str, CoTRecord], ImportReport]:
    result = import_completions(path, teacher="t", **settings)
    return {r.id: r for records in result.records.values() for r in records}, result.report


def test_rationale_and_answer_are_parted_at_the_cue(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", row("Pears are green. So the answer is (B)."))
    records, _ = imported(source, descriptions={"fruit": "Name a fruit."})
    record = records["fruit/0"]
    assert record.rationale == "Pears are green."
    assert (record.answer, record.teacher_answer, record.teacher_correct) == ("(B)", "(B)", True)
    assert (record.description, record.teacher, record.cluster) == ("Name a fruit.", "t", "fruit/0")
    assert record.options == ("apple", "pear")


def test_a_wrong_answer_is_kept_and_marked(tmp_path: Path) -> None:
    source = write(
        tmp_path / "a.jsonl",
        row("Apples are green. So the answer is (A)."),
        row("Both are. So the answer is (A) and (B)."),
    )
    records, report = imported(source)
    assert [record.teacher_correct for record in records.values()] == [False, False]
    assert records["fruit/1"].teacher_answer == "(A) and (B)"
    assert (report.total.wrong, report.total.unreadable) == (2, 1)


def test_an_answer_in_other_dress_is_right(tmp_path: Path) -> None:
    records, _ = imported(write(tmp_path / "a.jsonl", row("It is. The answer is: **pear**.")))
    assert records["fruit/0"].teacher_correct


def test_rows_that_give_no_record_are_counted_and_listed(tmp_path: Path) -> None:
    source = write(
        tmp_path / "a.jsonl",
        row("Pears are green. So the answer is (B)."),
        row("Pears are green."),
        row("Pears are green. So the answer is ."),
        row("So the answer is (B)."),
        row("<think>Pears are green. So the answer is (B). Let me check"),
    )
    records, report = imported(source)
    assert list(records) == ["fruit/0"]
    assert report.tasks["fruit"] == TaskCounts(
        rows=5,
        records=1,
        correct=1,
        no_cue=1,
        no_answer=1,
        empty_rationale=1,
        unfinished_thought=1,
    )
    assert [(left.id, left.where, left.reason) for left in report.left_out] == [
        ("fruit/1", f"{source}:2", "no_cue"),
        ("fruit/2", f"{source}:3", "no_answer"),
        ("fruit/3", f"{source}:4", "empty_rationale"),
        ("fruit/4", f"{source}:5", "unfinished_thought"),
    ]


def test_a_rationale_never_holds_an_announced_answer(tmp_path: Path) -> None:
    text = "Pears are green. The answer is (A). No, wait. So the answer is (B)."
    records, report = imported(write(tmp_path / "a.jsonl", row(text)))
    assert records["fruit/0"].rationale == "Pears are green."
    assert records["fruit/0"].teacher_answer == "(B)"
    assert report.total.repeated_cues == 1


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("\nPears, then. So the answer is (B).", "(B)"),
        ("\n\n(B)", "(B)"),
        (" pear", "pear"),
        ("<answer>(B)</answer>", "(B)"),
        ("\n\\boxed{B}", "B"),
    ],
)
def test_a_thought_is_the_rationale_and_the_answer_stands_behind_it(
    tmp_path: Path, said: str, answer: str
) -> None:
    thought = "The answer is (A)? Apples are red. So the answer is (B)."
    records, report = imported(write(tmp_path / "a.jsonl", row(f"<think>{thought}</think>{said}")))
    record = records["fruit/0"]
    assert (record.rationale, record.teacher_answer) == (thought, answer)
    assert record.teacher_correct
    assert report.total.repeated_cues == 0


def test_words_behind_a_thought_that_are_no_answer_are_no_record(tmp_path: Path) -> None:
    _, report = imported(write(tmp_path / "a.jsonl", row("<think>(B)</think>Pears, I think.")))
    assert report.total.no_cue == 1


def test_options_of_a_row_may_be_missing_in_its_question(tmp_path: Path) -> None:
    said, options = "Pears are. So the answer is (B).", ["apple", "pear"]
    source = write(tmp_path / "a.jsonl", row(said, question="Which is green?", options=options))
    record = imported(source)[0]["fruit/0"]
    assert record.question == "Which is green?"
    assert record.asked == FRUIT


def test_an_id_is_task_and_index_within_the_task(tmp_path: Path) -> None:
    said = "It is. So the answer is (B)."
    write(tmp_path / "b.jsonl", row(said, task="nuts"), row(said))
    write(tmp_path / "a.jsonl", row(said), row(said, task="nuts"), row(said))
    (tmp_path / "notes.txt").write_text("not read")
    records, _ = imported(tmp_path)
    assert set(records) == {"fruit/0", "fruit/1", "fruit/2", "nuts/0", "nuts/1"}


def test_a_left_out_row_does_not_move_the_split_of_others(tmp_path: Path) -> None:
    rows = [row(f"Pear {n} is. So the answer is (B).", question=f"Is {n}?") for n in range(40)]
    whole = import_completions(write(tmp_path / "a.jsonl", *rows), teacher="t")
    broken = [
        kept | {"completion": "no end"} if n % 3 == 0 else kept for n, kept in enumerate(rows)
    ]
    part = import_completions(write(tmp_path / "b.jsonl", *broken), teacher="t")
    for split, records in part.records.items():
        kept = {r.id for r in whole.records[split]} - {f"fruit/{n}" for n in range(0, 40, 3)}
        assert {r.id for r in records} == kept
    assert part.report.items == whole.report.items == {"train": 28, "dev": 4, "test": 8}
    assert sum(part.report.records.values()) == 26


def test_clusters_are_kept_whole_and_reported_where_a_split_by_item_cuts_them(
    tmp_path: Path,
) -> None:
    rows = [
        row("It is. So the answer is (B).", question=f"Is {n}?", cluster=f"basket {n // 5}")
        for n in range(60)
    ]
    source = write(tmp_path / "a.jsonl", *rows)
    _, cut = imported(source, keep_clusters=False)
    records, kept = imported(source)
    assert cut.cluster_overlap
    assert kept.cluster_overlap == {}
    assert records["fruit/7"].cluster == "basket 1"


def test_completions_of_one_question_fall_into_one_split(tmp_path: Path) -> None:
    """However it is spelt; three wordings of fifteen questions, each twice."""
    rows = []
    for n in range(15):
        question = f"Gardener {n} plants some rows of tulips behind the old mill. How many rows?"
        for said in (question, f"  {question.upper()} ", f"Read with care. {question}"):
            rows += [row("Ten. So the answer is 10.", target="10", question=said)] * 2
    result = import_completions(write(tmp_path / "a.jsonl", *rows), teacher="t")
    asked = {
        split: {record.question.lower().split("gardener ")[1].split()[0] for record in records}
        for split, records in result.records.items()
    }
    assert sum(map(len, asked.values())) == 15
    assert asked["train"]
    assert asked["test"]
    assert result.report.cluster_overlap == {}
    assert len({r.cluster for records in result.records.values() for r in records}) == 15


def test_clusters_may_come_by_id(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", row("It is. So the answer is (B)."))
    records, _ = imported(source, clusters={"fruit/0": "basket"})
    assert records["fruit/0"].cluster == "basket"


def test_causal_judgement_items_of_one_story_share_a_cluster() -> None:
    heading = "How would a typical person answer each of the following questions about causation?\n"
    one = causal_judgement_story(f"{heading}Ann has a lamp. It is on. Did Ann cause it?")
    two = causal_judgement_story(f"{heading}Ann has a lamp. It is off. Did the cat cause it?")
    other = causal_judgement_story(f"{heading}Bob has a lamp. It is on. Did Bob cause it?")
    assert one == two != other


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"question": ""}, "a.jsonl:1: missing field 'question'"),
        ({"completion": None}, "a.jsonl:1: field 'completion' must be text, got NoneType"),
        ({"target": " "}, "a.jsonl:1: empty target"),
        ({"target": 4}, "a.jsonl:1: field 'target' must be a text or a list of texts"),
        ({"task": ""}, "a.jsonl:1: empty task"),
        ({"target": "(C)"}, r"a.jsonl:1: the answer '\(C\)' is none of the 2 options"),
        ({"target": "fig", "options": ["a", "b"]}, "a.jsonl:1: the answer 'fig' is none of the 2"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        imported(write(tmp_path / "a.jsonl", row("x") | fields))


def test_a_directory_without_completions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no \*.jsonl files"):
        imported(tmp_path)


@pytest.mark.real_data
def test_the_real_teacher_gives_the_counted_records() -> None:
    data = os.environ.get("CASCOD_DATA")
    if not data:
        pytest.skip("needs the benchmark data: set CASCOD_DATA to its directory")
    root = Path(data)
    descriptions = json.loads((root / "bbh" / "descriptions.json").read_text())
    records, report = imported(root / "bbh_teacher", descriptions=descriptions)
    assert report.items == {"train": 4685, "dev": 522, "test": 1304}
    total = report.total
    assert (total.rows, total.records, total.no_cue, total.repeated_cues) == (6511, 6275, 236, 0)
    assert total.records == total.correct + total.wrong == len(records)
    assert len(report.left_out) == 236
    assert all(record.description for record in records.values())
    assert not any("answer is" in record.rationale for record in records.values())
    stories = {r.cluster for r in records.values() if r.task == "causal_judgement"}
    assert len(stories) == 61  # of 63 openings; some open differently and go on alike
    assert report.cluster_overlap
