"""Reading a run directory, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from synthetic_run import (
    SUITES,
    SYSTEMS,
    SyntheticSystem,
    lm_eval_row,
    sample,
    write_cell,
    write_run,
)

from reports.logs.run_data import load_run
from tasks.errors import UserError

CASCOD = SyntheticSystem("cascod", [0], {"ind": 0.5, "ood": 0.5})
STD_COT = SyntheticSystem("std_cot", [0], {"ind": 0.5, "ood": 0.5})


def samples_of(suite: str, count: int, correct: bool = True) -> list:
    return [sample(suite, "counting", i, correct=correct) for i in range(count)]


def only_samples_file(evaluation: Path) -> Path:
    return next(evaluation.glob("samples_*.jsonl"))


def test_systems_have_one_row_a_seed_over_the_same_items(tmp_path: Path) -> None:
    run = load_run(write_run(tmp_path, items_per_task=5))
    assert [system.method for system in run.systems] == [system.method for system in SYSTEMS]
    assert len(run.items) == 5 * 2 * len(SUITES)
    assert run.systems[2].correct.shape == (3, len(run.items))
    assert run.systems[2].seeds == (0, 1, 2)
    assert not run.systems[0].trained
    assert run.items.suites == list(SUITES)


def test_a_system_may_lack_a_whole_suite(tmp_path: Path) -> None:
    write_cell(
        tmp_path, CASCOD, 0, samples_of("embedded_ind", 4) + samples_of("embedded_longer", 4)
    )
    write_cell(tmp_path, STD_COT, 0, samples_of("embedded_ind", 4))
    run = load_run(tmp_path)
    assert run.system("tiny", "std_cot").evaluated.sum() == 4


def test_systems_are_selected_where_all_of_them_were_asked_everything(tmp_path: Path) -> None:
    longer = samples_of("embedded_longer", 4, correct=False)
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 4) + longer)
    write_cell(tmp_path, STD_COT, 0, samples_of("embedded_ind", 4))
    run = load_run(tmp_path)
    pair = [run.system("tiny", method) for method in ("cascod", "std_cot")]
    both = run.asked(pair, "ind")
    assert both is not None
    assert [system.correct.tolist() for system in both.systems] == [[[True] * 4]] * 2
    assert both.difference.identical
    assert both.difference.items == 4
    assert run.asked(pair, "ood") is None
    alone = run.asked(pair[:1], "embedded_longer")
    assert alone is not None
    assert alone.systems[0].correct.tolist() == [[False] * 4]
    assert run.asked(pair[:1], "a suite that is not there") is None
    assert run.asked([*pair, run.system("tiny", "nobody")], "ind") is None


def test_a_run_lacking_items_of_a_suite_is_refused_with_count_and_first_ids(tmp_path: Path) -> None:
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 8))
    write_cell(tmp_path, STD_COT, 0, samples_of("embedded_ind", 6))
    with pytest.raises(UserError, match=r"lacks 2 of 8 items.*counting/0006, .*counting/0007"):
        load_run(tmp_path)


def test_the_same_words_scored_otherwise_are_refused_with_both_scorers(tmp_path: Path) -> None:
    for system, rule in ((CASCOD, "strict"), (STD_COT, "exact")):
        evaluation = write_cell(tmp_path, system, 0, samples_of("embedded_ind", 4))
        info = json.loads((evaluation / "run.json").read_text()) | {"rule": rule}
        (evaluation / "run.json").write_text(json.dumps(info))
    load_run(tmp_path)
    file = only_samples_file(evaluation)
    file.write_text(file.read_text().replace('"correct": true', '"correct": false', 1))
    with pytest.raises(UserError, match=r"1 of 4 items are scored differently") as refused:
        load_run(tmp_path)
    assert "tiny / cascod (rule strict)" in str(refused.value)
    assert "tiny / std_cot (rule exact)" in str(refused.value)


def test_a_row_without_what_the_item_browser_shows_is_refused(tmp_path: Path) -> None:
    file = only_samples_file(write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 2)))
    file.write_text(file.read_text().replace('"rationale": ', '"rational": ', 1))
    with pytest.raises(UserError, match="1: missing field 'rationale'"):
        load_run(tmp_path)


def test_a_task_missing_on_one_side_is_refused(tmp_path: Path) -> None:
    more = [sample("embedded_ind", "navigate", i, correct=True) for i in range(3)]
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 3) + more)
    write_cell(tmp_path, STD_COT, 0, samples_of("embedded_ind", 3))
    with pytest.raises(UserError, match=r"lacks 3 of 6 items.*navigate"):
        load_run(tmp_path)


def test_the_newest_samples_of_a_task_are_read_and_older_ones_announced(tmp_path: Path) -> None:
    old, new = "2026-01-01T00-00-00.000001", "2026-01-02T00-00-00.000001"
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 4, correct=True), new)
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 4, correct=False), old)
    run = load_run(tmp_path)
    assert run.systems[0].correct.all()
    assert [note for note in run.notes if old in note and "newer" in note]


def test_the_same_checkpoint_under_two_seeds_is_one_seed(tmp_path: Path) -> None:
    for seed in (0, 1):
        evaluation = write_cell(tmp_path, CASCOD, seed, samples_of("embedded_ind", 4))
        info = json.loads((evaluation / "run.json").read_text())
        (evaluation / "run.json").write_text(json.dumps(info | {"checkpoint_fingerprint": "same"}))
    run = load_run(tmp_path)
    assert run.systems[0].seeds == (0,)
    assert "seeds 0 and 1 are the same checkpoint" in run.notes[0]


def test_a_cell_without_evaluation_is_left_out_and_said_so(tmp_path: Path) -> None:
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 4))
    (tmp_path / "cells" / "tiny" / "cascod" / "seed1").mkdir()
    run = load_run(tmp_path)
    assert run.systems[0].seeds == (0,)
    assert run.notes == ("cells/tiny/cascod/seed1 has no evaluation yet and is left out",)


def test_another_question_under_the_same_id_is_refused(tmp_path: Path) -> None:
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 2))
    evaluation = write_cell(tmp_path, STD_COT, 0, samples_of("embedded_ind", 2))
    path = only_samples_file(evaluation)
    path.write_text(path.read_text().replace("hash of", "other hash of"))
    with pytest.raises(UserError, match="is not the same question in all runs"):
        load_run(tmp_path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{broken", r"jsonl:3: not valid JSON"),
        ("[1]", r"jsonl:3: expected an object, got list"),
        ({"correct": None}, r"jsonl:3: missing field 'correct'"),
        ({"correct": "yes"}, r"jsonl:3: field 'correct' must be bool, got str"),
        ({"role": "test"}, r"jsonl:3: role 'test' is neither ind nor ood"),
        (
            {"id": "embedded_ind/counting/0001"},
            r"jsonl:3: item .*0001' of task counting occurs twice",
        ),
    ],
)
def test_a_faulty_sample_is_named_by_file_and_line(
    tmp_path: Path, line: str | dict, message: str
) -> None:
    path = only_samples_file(write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 2)))
    if isinstance(line, dict):
        row = lm_eval_row(sample("embedded_ind", "counting", 9, correct=True)) | line
        line = json.dumps({name: value for name, value in row.items() if value is not None})
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(UserError, match=message):
        load_run(tmp_path)


def test_a_directory_that_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no evaluated cells"):
        load_run(tmp_path)
    with pytest.raises(UserError, match="no such run directory"):
        load_run(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("experiment.yaml", "a: [", r"experiment.yaml:1: not valid YAML"),
        ("experiment.yaml", "- 1", r"experiment.yaml: expected a mapping"),
        ("provenance.json", "{", r"provenance.json:1: not valid JSON"),
    ],
)
def test_broken_files_of_a_run_are_named(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    write_cell(tmp_path, CASCOD, 0, samples_of("embedded_ind", 2))
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=message):
        load_run(tmp_path)


def test_checkpoints_that_say_the_same_throughout_are_one_seed(tmp_path: Path) -> None:
    for seed, correct in ((0, True), (1, True), (2, False)):
        write_cell(tmp_path, CASCOD, seed, samples_of("embedded_ind", 4, correct))
    run = load_run(tmp_path)
    assert run.systems[0].seeds == (0, 2)
    assert run.notes == (
        "tiny / cascod: seed 0 and seed 1 gave the same response to every item; counted once",
    )
