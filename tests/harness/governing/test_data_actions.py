"""Where records come from, on which terms, who learned them, and how they are removed."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard
from small_students import make_records

from harness.commands import data
from harness.reviewing.events import Judged
from harness.reviewing.journal import Journal
from harness.running.experiment_file import load_experiment
from harness.running.training_data import training_data
from tasks.errors import UserError
from tasks.records.record import CoTRecord, WrongChain, read_records, write_records

Call = Callable[..., str]
CHAIN = {
    "model": "big-1",
    "served_model": "big-1-2026",
    "server": "http://teacher.example/v1",
    "date": "2026-03-01T10:00:00+00:00",
    "prompt_sha256": "ab12",
}


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def call_data(*arguments: Any) -> str:
        parser = argparse.ArgumentParser()
        data.add_arguments(parser)
        assert data.run(parser.parse_args([str(argument) for argument in arguments])) == 0
        return capsys.readouterr().out

    return call_data


@pytest.fixture
def records() -> list[CoTRecord]:
    """Six: four of a collected teacher, the first with mail and a review, two by hand."""
    six = [replace(record, teacher="big") for record in make_records(6)]
    six = [replace(r, meta={"chain": CHAIN}) if n < 4 else r for n, r in enumerate(six)]
    review = {"verdict": "right", "reviewers": ["ada"], "first_wrong_step": None}
    six[0] = replace(
        six[0],
        rationale=f"ada@example.org says: {six[0].rationale}",
        meta=six[0].meta | {"review": review},
    )
    six[1] = replace(six[1], dual=WrongChain("Because of bob@example.org.", "nothing"))
    return [*six[:4], *(replace(record, teacher="hand") for record in six[4:])]


@pytest.fixture
def file(tmp_path: Path, records: list[CoTRecord]) -> Path:
    write_records(tmp_path / "records.jsonl", records)
    return tmp_path / "records.jsonl"


def run_on(records: list[CoTRecord], run: Path, *seeds: int) -> Path:
    """A run that has trained on these records, with weights of its last seed alone."""
    write_records(run / "data/train.jsonl", records)
    write_records(run / "data/dev.jsonl", [])
    for seed in seeds:
        cell = run / f"cells/tiny/cascod/seed{seed}"
        cell.mkdir(parents=True)
        (cell / "training.json").write_text("{}")
    (run / f"cells/tiny/cascod/seed{seeds[-1]}/checkpoint").mkdir()
    return run


def test_terms_are_kept_with_records_and_said_in_their_card(
    file: Path, tmp_path: Path, call: Call
) -> None:
    said = ("--licence", "cc-by-4.0", "--access", "the quality desk", "--keep-until", "2031-12-31")
    call("mark", file, *said, "--out", file)
    call("mark", file, "--written", "2026-02-01", "--out", file)
    assert read_records(file)[5].meta["provenance"] == {
        "licence": "cc-by-4.0",
        "access": "the quality desk",
        "keep_until": "2031-12-31",
        "written": "2026-02-01",
    }
    call("card", file, "--out", tmp_path / "README.md")
    card = DatasetCard.load(tmp_path / "README.md")
    front = card.data.to_dict()
    assert front["license"] == "cc-by-4.0"
    assert front["size_categories"] == ["n<1K"]
    assert "| big | big-1-2026 | http://teacher.example/v1 | 2026-02-01 | 4 |" in card.text
    assert "| hand | not said | not said | 2026-02-01 | 2 |" in card.text
    assert "| cc-by-4.0 | the quality desk | 2031-12-31 | 6 |" in card.text
    assert "| right | ada | 1 |" in card.text
    assert "| e-mail addresses | 2 |" in card.text
    assert "ada@example.org" not in card.text


def test_a_licence_that_the_hub_does_not_know_is_named_as_another(file: Path, call: Call) -> None:
    call("mark", file, "--licence", "internal: desk only", "--out", file)
    card = DatasetCard(call("card", file))
    assert "| internal: desk only | not said | not said | 6 |" in card.text
    front = card.data.to_dict()
    assert (front["license"], front["license_name"]) == ("other", "internal-desk-only")


def test_a_card_shows_hostile_text_as_text(file: Path, call: Call) -> None:
    records = read_records(file)
    write_records(file, [replace(r, teacher="<b>x</b> | y\n---\n# z") for r in records])
    card = call("card", file)
    assert "&lt;b&gt;x&lt;/b&gt; \\| y --- \\# z" in card
    assert DatasetCard(card).data.to_dict()["pretty_name"] == "records"


@pytest.mark.parametrize(
    "meta",
    [
        {"review": {"verdict": "right", "reviewers": None}, "chain": {"date": None}},
        {"review": {"verdict": ["right"], "reviewers": 5}, "chain": "by hand"},
        {"review": "right", "wrong_chain": {"review": {"reviewers": "ann"}}},
    ],
)
def test_a_card_reads_what_another_hand_wrote_of_a_review(
    meta: dict[str, Any], file: Path, call: Call
) -> None:
    write_records(file, [replace(r, meta=meta) for r in read_records(file)])
    assert "nobody | 6 |" in call("card", file)


def test_import_keeps_terms(tmp_path: Path, call: Call) -> None:
    row = {"task": "t", "question": "1 + 1?", "target": "2", "completion": "So the answer is 2."}
    row["completion"] = f"One more. {row['completion']}"
    (tmp_path / "said.jsonl").write_text(json.dumps(row) + "\n")
    call("import", tmp_path / "said.jsonl", "--out", tmp_path / "out", "--access", "all")
    [record] = read_records(tmp_path / "out/test.jsonl")
    assert record.meta == {"provenance": {"access": "all"}}


def test_records_past_their_day_do_not_train(file: Path, call: Call) -> None:
    overrides = {"data": {"source": "records", "train": str(file)}, "train_on": "all"}
    experiment = load_experiment("demo", overrides)
    assert len(training_data(experiment, None).train) == 6
    call("mark", file, "--keep-until", "2020-01-31", "--out", file)
    with pytest.raises(UserError, match=r"6 records may not be kept .*2020-01-31\); remove them"):
        training_data(experiment, None)
    assert "6 records removed" in call("forget", file, "--expired")


def test_a_day_that_is_none_is_refused_in_one_line(file: Path, call: Call) -> None:
    first, *others = read_records(file)
    meta = {"provenance": {"keep_until": "next year"}}
    write_records(file, [replace(first, meta=meta), *others])
    with pytest.raises(UserError, match="keep_until is 'next year', not a day"):
        call("card", file)


def test_a_wrong_chain_brings_its_origin_and_its_terms_into_a_pair(
    file: Path, records: list[CoTRecord], call: Call
) -> None:
    right = replace(records[2], meta={"provenance": {"keep_until": "2031-12-31"}})
    wrong = replace(
        right,
        id="wrong",
        teacher="other",
        teacher_answer="no",
        teacher_correct=False,
        meta={"provenance": {"keep_until": "2020-01-01", "licence": "mit"}},
    )
    write_records(file, [right, wrong])
    call("pair", file, "--out", file)
    assert "| mit | not said | 2020-01-01 | 1 |" in call("card", file)
    assert "1 records removed" in call("forget", file, "--expired", "--teacher", "other")


def test_redact_masks_and_says_how_much(file: Path, tmp_path: Path, call: Call) -> None:
    told = call("redact", file, "--out", tmp_path / "masked.jsonl")
    assert "masked: 2 e-mail addresses" in told
    masked = read_records(tmp_path / "masked.jsonl")
    assert masked[0].rationale.startswith("[EMAIL-1] says")
    assert masked[0].meta == read_records(file)[0].meta
    assert masked[2:] == read_records(file)[2:]


def test_forget_removes_whole_records_and_logs_no_content(
    file: Path, records: list[CoTRecord], call: Call
) -> None:
    lines = file.read_text().splitlines()
    told = call("forget", file, "--id", records[0].id, records[3].id)
    assert "2 records removed, 4 stay" in told
    assert file.read_text().splitlines() == [*lines[1:3], *lines[4:]]
    log = file.with_name("records.jsonl.forgotten").read_text()
    rows = [json.loads(line) for line in log.splitlines()]
    assert [row["id"] for row in rows] == [records[0].id, records[3].id]
    assert {tuple(row) for row in rows} == {("date", "id", "sha256", "by")}
    assert records[0].question not in log


def test_forget_names_the_students_that_learned_them_and_the_files_that_still_hold_them(
    file: Path, records: list[CoTRecord], tmp_path: Path, call: Call
) -> None:
    renamed = [replace(record, id=f"mix/{record.id}") for record in records]
    corrected = [replace(record, rationale="Corrected.", dual=None) for record in records]
    run_on(renamed, tmp_path / "runs/by_chain", 0, 1)
    run_on(corrected, tmp_path / "runs/by_id", 2)
    run_on(records[4:], tmp_path / "runs/others", 3)
    write_records(file.with_name("copy.jsonl"), renamed[:2])
    told = call("forget", file, "--teacher", "big-1-2026", "--runs", tmp_path / "runs")
    assert "4 records removed, 2 stay" in told
    assert "copy.jsonl: still holds the text of 2 of them" in told
    assert "by_chain: its data hold 4 of the 4 by their chain, 0 by their id" in told
    assert "by_id: its data hold 0 of the 4 by their chain, 4 by their id" in told
    learned = [line.strip() for line in told.splitlines() if "learned by" in line]
    cells = tmp_path / "runs/by_chain/cells/tiny/cascod"
    assert f"learned by {cells / 'seed0'} (weights deleted)" in learned
    assert f"learned by {cells / 'seed1'} (weights there)" in learned
    assert len(learned) == 3
    assert "others" not in told


def test_forget_names_files_that_hold_the_steps_alone_and_what_reviewers_said(
    file: Path, records: list[CoTRecord], call: Call
) -> None:
    first = replace(records[0], rationale="One step.\nAnother one.")
    write_records(file, [first, *records[1:]])
    steps = {"id": first.id, "steps": ["One step.", "Another one."]}
    file.with_name("quality.jsonl").write_text(json.dumps(steps) + "\n")
    with Journal(file.with_name("records.reviews") / "ann.jsonl") as journal:
        journal.append(Judged(id=first.id, chain="x", verdict="right", at="2026-01-31"))
    told = call("forget", file, "--id", first.id)
    assert "quality.jsonl: still holds the text of 1 of them" in told
    assert "ann.jsonl: still holds what a reviewer said of 1 of them" in told


def test_a_card_names_the_students_that_learned_its_records(
    file: Path, records: list[CoTRecord], tmp_path: Path, call: Call
) -> None:
    run_on(records[:3], tmp_path / "run", 0)
    assert "cascod/seed0 | there | 3 |" in call("card", file, "--runs", tmp_path / "run")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "say which records"),
        (("--id", "absent"), "no record with the id 'absent'; nothing was removed"),
        (("--teacher", "nobody"), "no record meets these conditions; nothing was removed"),
        (("--expired",), "no record meets these conditions; nothing was removed"),
        (("--teacher", "hand", "--runs", "."), "no run here"),
    ],
)
def test_what_cannot_be_forgotten_changes_nothing(
    arguments: tuple[str, ...],
    why: str,
    file: Path,
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(file.parent)
    before = file.read_bytes()
    with pytest.raises(UserError, match=why):
        call("forget", file, *arguments)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_dry_run_removes_nothing(file: Path, call: Call) -> None:
    before = file.read_bytes()
    assert "2 records would go, 4 stay" in call("forget", file, "--teacher", "hand", "--dry-run")
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]
