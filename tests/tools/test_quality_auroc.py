"""The tool that measures what docs/quality.md tells of `cascod quality`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools.quality_auroc import Judged, answers, auroc, main, mistakes, some, unseen

QUESTIONS = [f"Ann has {n} pens and buys 4 more. How many has she?" for n in range(12)]


def write(path: Path, rows: list[dict]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    mistaken, mentor, solved = [], [], []
    for n, question in enumerate(QUESTIONS):
        slip = 1 if n % 3 == 0 else None
        said = str(n + 4 + (slip or 0))
        steps = [f"Ann has {n} pens.", f"With 4 more that is {n} + 4 = {said}."]
        mistaken.append(
            {"input": question, "steps": steps, "target": str(n + 4), "answer": said}
            | {"mistake_index": slip}
        )
        mentor.append(
            {"input": question, "chain": " ".join(steps), "completion": said}
            | {"answer": str(n + 4), "initial_correct": not slip}
        )
        solution = {"solution": f"{steps[1]}\nA: {said}", "is_correct": not slip}
        names = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")
        own = {"question": question, "ground_truth": f"{n} + 4 = {n + 4}\nA: {n + 4}"}
        solved.append(own | dict.fromkeys(names, solution))
    write(tmp_path / "mistake" / "sums.jsonl", mistaken)
    write(tmp_path / "mentor_kd" / "svamp_mentor.jsonl", mentor)
    write(tmp_path / "gsm8k" / "example_model_solutions.jsonl", solved)
    return tmp_path


def test_slips_are_told_from_sound_chains(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["quality_auroc", str(data)])
    main()
    lines = capsys.readouterr().out.splitlines()
    bad = sum(each.is_bad for each in unseen(mistakes(data)["sums"]))
    assert f"{bad} (100%)" in next(line for line in lines if line.startswith("| sums |"))
    assert "| equations | 1.00 | 1.00 |" in lines
    assert "| svamp | 0 of 8 | 0 |" in lines
    assert "| gsm8k's own | 0 of 12 | 0 |" in lines


def test_a_sample_has_all_chains_of_a_question(data: Path) -> None:
    solved = answers(data)["gsm8k"]
    assert len(some(solved, 3)) == 4 * 3


def test_auroc_is_the_share_of_pairs_in_order(data: Path) -> None:
    records = [each.record for each in answers(data)["svamp"][:4]]
    judged = [Judged(r, bad) for r, bad in zip(records, (True, True, False, False), strict=True)]
    assert auroc(judged, [3.0, 1.0, 2.0, 0.0]) == 0.75
    assert auroc(judged[:2], [1.0, 2.0]) is None
