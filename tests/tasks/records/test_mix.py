"""Data as a factor: files in shares, halves by length, a choice among a question's chains."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_students import make_records

from harness.cli import main
from harness.running.experiment_file import dump_experiment, load_experiment
from harness.running.training_data import training_data
from tasks.errors import UserError
from tasks.records.choose_chains import choose_chains, distance
from tasks.records.mix import half_of, mixed
from tasks.records.record import CoTRecord, write_records

RECORDS = make_records(40)


def chains(*rationales: str, question: str = "3 + 4?") -> list[CoTRecord]:
    """Several chains of one question."""
    return [
        replace(RECORDS[0], id=f"{question}/{n}", question=question, rationale=text)
        for n, text in enumerate(rationales)
    ]


def test_shares_count_against_their_sum_and_no_part_runs_short():
    parts = {"a": RECORDS[:30], "b": RECORDS[30:]}
    mix = mixed(parts, {"a": 3, "b": 1})
    assert [r.id.partition("/")[0] for r in mix] == ["a"] * 30 + ["b"] * 10
    few = mixed(parts, {"a": 1, "b": 1}, records=8)
    assert [r.id.partition("/")[0] for r in few] == ["a"] * 4 + ["b"] * 4
    assert len({record.id for record in few}) == 8
    assert mixed(parts, {"a": 0, "b": 5}) == [replace(r, id=f"b/{r.id}") for r in RECORDS[30:]]


@pytest.mark.parametrize("records", [3, 4, 5, 10, 11])
@pytest.mark.parametrize("parts", [2, 3])
def test_there_are_as_many_records_as_asked_for(records, parts):
    names = "abc"[:parts]
    assert len(mixed(dict.fromkeys(names, RECORDS), dict.fromkeys(names, 1), records)) == records


def test_less_of_a_part_is_a_part_of_more_of_it():
    parts = {"a": RECORDS, "b": RECORDS}
    less, more = (
        {r.id for r in mixed(parts, {"a": share, "b": 1}, records=20) if r.id.startswith("a/")}
        for share in (1, 3)
    )
    assert less < more


def test_more_records_than_the_shares_leave_are_refused():
    with pytest.raises(UserError, match="these shares leave 20 records, fewer than 21"):
        mixed({"a": RECORDS[:10], "b": RECORDS}, {"a": 1, "b": 1}, records=21)


def test_halves_are_told_within_each_task():
    easy = [replace(r, task="easy", rationale="x" * n) for n, r in enumerate(RECORDS[:4], 1)]
    hard = [replace(r, task="hard", rationale="x" * n * 99) for n, r in enumerate(RECORDS[4:8], 1)]
    short, long = (half_of([*easy, *hard], half) for half in ("short", "long"))
    assert short == [*easy[:2], *hard[:2]]
    assert long == [*easy[2:], *hard[2:]]


def test_the_most_different_chains_of_a_question_are_kept():
    given = chains("add three and four", "add three and four.", "count on from four", "seven it is")
    assert choose_chains(given, 2, "diverse") == [given[0], given[3]]
    assert choose_chains(given, 3, "diverse") == [given[0], given[2], given[3]]
    assert distance(given[0], given[0]) == 0
    assert distance(given[0], given[3]) == 1


def test_as_many_are_drawn_at_random_whatever_the_order():
    given = chains("add", "add them", "count on", "seven") + chains("one", question="1?")
    drawn = choose_chains(given, 2, "random")
    assert [record.question for record in drawn] == ["3 + 4?", "3 + 4?", "1?"]
    assert {r.id for r in choose_chains(given[::-1], 2, "random")} == {r.id for r in drawn}


def test_diverse_chains_are_further_apart_than_drawn_ones_on_the_whole():
    texts = [" ".join(words) for words in combinations("pqrst", 3)]
    given = [record for n in range(6) for record in chains(*texts, question=f"{n}?")]

    def apart(how: Any) -> float:
        kept = choose_chains(given, 2, how)
        return sum(distance(*kept[at : at + 2]) for at in range(0, len(kept), 2))

    assert apart("diverse") > apart("random")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Two record files, and one with several chains of a question."""
    contents = {
        "gpt": RECORDS[:20],
        "mentor": RECORDS[20:],
        "several": [*chains("add them", "add them up", "seven"), *chains("one", question="1?")],
    }
    for name, records in contents.items():
        write_records(tmp_path / f"{name}.jsonl", records)
    return {name: str(tmp_path / f"{name}.jsonl") for name in contents}


def loaded(data: dict[str, Any]) -> list[CoTRecord]:
    return training_data(load_experiment("demo", {"data": data}), None).train


def test_an_experiment_mixes_files_and_chooses_chains(files):
    parts = {
        "gpt": {"file": files["gpt"], "share": 1},
        "mentor": {"file": files["mentor"], "share": 1, "half": "short"},
    }
    mix = loaded({"source": "mix", "parts": parts, "records": 12})
    assert [r.id.split("/")[0] for r in mix] == ["gpt"] * 6 + ["mentor"] * 6
    several = {"source": "records", "train": files["several"], "chains_each": 2}
    assert [r.rationale for r in loaded(several | {"choose": "diverse"})] == [
        "add them",
        "seven",
        "one",
    ]
    assert len(loaded(several)) == 3


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"choose": "diverse"}, "data: choose: diverse needs chains_each of 2 or more"),
        ({"choose": "random"}, "data: choose: random needs chains_each"),
        ({"source": "mix", "parts": {"a": {"file": "a", "share": 1}}}, "data.parts: "),
        (
            {"source": "mix", "parts": {n: {"file": n, "share": 0} for n in "ab"}},
            "data.parts: one part at least needs a share above 0",
        ),
    ],
)
def test_what_cannot_be_mixed_or_chosen_is_refused_by_its_key(changed, fault):
    data = {"source": "records", "train": "a"} | changed
    if data["source"] == "mix":
        del data["train"]
    with pytest.raises(UserError, match=f"demo: {fault}"):
        load_experiment("demo", {"data": data})


def test_files_shares_and_numbers_are_swept(files, tmp_path, monkeypatch, capsys):
    """Levels of detail are a file each; a share is a number of its part."""
    monkeypatch.setenv("CASCOD_CACHE", str(tmp_path / "cache"))
    levels = {"data": {"source": "records", "train": files["gpt"]}}
    parts = {name: {"file": files[name], "share": 1} for name in ("gpt", "mentor")}
    mix = {"data": {"source": "mix", "parts": parts, "records": 12}}
    base = yaml.safe_load(dump_experiment(load_experiment("demo"))) | {"suites": ["embedded"]}
    del base["primary"]
    for content, over, said in (
        (levels, f"data.train={files['gpt']},{files['mentor']}", ["20 records", "20 records"]),
        (levels, "train_limit=4,8", ["4 records", "8 records"]),
        (mix, "data.parts.mentor.share=0,1", ["12 records", "12 records"]),
    ):
        file = tmp_path / "experiment.yaml"
        file.write_text(yaml.safe_dump(base | content))
        assert main(["sweep", str(file), "--over", over, "--dry-run"]) == 0
        printed = capsys.readouterr().out
        assert re.findall(r"training data: (\d+ records)", printed) == said
