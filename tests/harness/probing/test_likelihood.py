"""`cascod quality --likelihood`: does a rationale make the answer that it states likelier?"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small_students import make_records

from harness.cli import main
from harness.evaluation.open_student import OpenStudent
from harness.probing.likelihood import gains, open_scorer, opinion
from tasks.errors import UserError
from tasks.problem import question_prompt
from tasks.procedural.suite import training_records
from tasks.records.record import CoTRecord, write_records
from trainers.layouts.choose import layout_of
from trainers.methods import load_method
from trainers.protocol import CUE


@pytest.fixture(scope="module")
def tiny() -> Iterator[OpenStudent]:
    with closing(open_scorer("tiny")) as student:
        yield student


def log_probability(student: OpenStudent, prompt: str, *segments: str) -> float:
    """Of the last segment, by one plain pass over the whole text, encoded as in training."""
    layout = layout_of(student.facts.protocol, student.facts.tokenizer)
    known = [*layout.encode(prompt), *(i for text in segments[:-1] for i in layout.continued(text))]
    said = layout.continued(segments[-1])
    with torch.inference_mode():
        scores = student.engine.model(torch.tensor([known + said])).logits[0].log_softmax(-1)
    return sum(float(scores[len(known) + n - 1, token]) for n, token in enumerate(said))


def test_the_gain_is_that_of_the_stated_answer_behind_the_rationale(tiny: OpenStudent) -> None:
    # Two chains of one question, and one of another that stands in the same pass.
    first, *others = training_records(seed=0, per_family=1)[:2]
    records = [first, replace(first, rationale="So.", teacher_answer="nine"), *others]
    method = load_method("zero_shot_cot")
    for record, gain in zip(records, gains(tiny, records), strict=True):
        asked = question_prompt(record.description, record.asked) + method.suffix
        end = (CUE, f" {record.teacher_answer}")
        with_chain = log_probability(tiny, asked, f" {record.rationale}", *end)
        assert gain == pytest.approx(with_chain - log_probability(tiny, asked, *end), abs=1e-3)


def test_a_chain_longer_than_the_students_context_is_not_told(tiny: OpenStudent) -> None:
    short, long = make_records(2)
    long = replace(long, rationale="and on " * tiny.facts.context)
    told: list[tuple[int, int]] = []
    found = gains(tiny, [long, short], lambda *done: told.append(done))
    assert found[0] is None
    assert found[1] is not None
    assert told == [(1, 1)]
    assert opinion(None) is None


def test_the_less_likely_an_answer_gets_the_more_suspect_is_its_chain() -> None:
    assert opinion(0.1) is None
    left = [said.leaves for gain in (0.0, -1.0, -4.0, -1e6) if (said := opinion(gain))]
    assert left == sorted(left, reverse=True)
    assert left[0] == pytest.approx(0.55)
    assert left[-1] == pytest.approx(0.1)
    assert all(map(math.isfinite, left))


def rows_of(tmp_path: Path, records: list[CoTRecord], *options: str) -> list[dict]:
    write_records(tmp_path / "records.jsonl", records)
    out = tmp_path / "quality.jsonl"
    assert main(["quality", str(tmp_path / "records.jsonl"), "--json", str(out), *options]) == 0
    return [json.loads(line) for line in out.read_text().splitlines()]


def test_the_command_tells_it_among_the_reasons_and_in_the_score(
    tmp_path: Path, tiny: OpenStudent
) -> None:
    records = training_records(seed=0, per_family=1)
    # What stands behind another question's chain is seldom what that one says.
    swapped = [
        replace(record, rationale=other.rationale)
        for record, other in zip(records, records[1:] + records[:1], strict=True)
    ]
    without, rows = rows_of(tmp_path, swapped), rows_of(tmp_path, swapped, "--likelihood", "tiny")
    gained = gains(tiny, swapped)
    assert any(gain is not None and gain <= 0 for gain in gained)
    for gain, before, row in zip(gained, without, rows, strict=True):
        is_suspect = gain is not None and gain <= 0
        assert any(reason.startswith("likelihood: ") for reason in row["reasons"]) == is_suspect
        assert (row["score"] < before["score"]) == is_suspect
        assert row["first_wrong_step"] == before["first_wrong_step"]


def test_a_students_terms_are_told(
    tmp_path: Path, tiny: OpenStudent, capsys: pytest.CaptureFixture[str]
) -> None:
    student = tmp_path / "student"
    tiny.engine.model.save_pretrained(student)
    tiny.facts.tokenizer.save_pretrained(student)
    (student / "NOTICE").write_text("Under terms of its own.")
    rows_of(tmp_path, make_records(2), "--likelihood", str(student))
    assert "Under terms of its own." in capsys.readouterr().out


def test_an_unknown_student_is_one_line(tmp_path: Path) -> None:
    write_records(tmp_path / "records.jsonl", make_records(2))
    with pytest.raises(UserError, match="unknown student"):
        open_scorer("nobody")
    assert main(["quality", str(tmp_path / "records.jsonl"), "--likelihood", "nobody"]) == 2


def test_without_a_model_no_torch_is_loaded(tmp_path: Path) -> None:
    write_records(tmp_path / "records.jsonl", make_records(2))
    code = (
        "import sys; from harness.cli import main\n"
        f"main(['quality', {str(tmp_path / 'records.jsonl')!r}])\n"
        "assert not {'torch', 'openai'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
