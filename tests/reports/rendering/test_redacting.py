"""Reports with personal data masked: `--redact`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sample_logs import row, write_log
from synthetic_run import SYSTEMS, write_run

from harness.cli import main

MAIL = "ada.keller@example.org"


def test_a_report_masks_what_students_and_teachers_wrote_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", SYSTEMS[1:3], items_per_task=5, rationale=f"Ask {MAIL}: 5.")
    assert main(["report", str(run), "--redact"]) == 0
    assert MAIL not in capsys.readouterr().out
    pages = [path for path in (run / "report_redacted").glob("*.*") if path.suffix != ".pdf"]
    assert not [path for path in pages if MAIL in path.read_text()]
    report = json.loads((run / "report_redacted/report.json").read_text())
    [browsed] = report["items"]
    said = {answer["rationale"] for item in browsed["items"] for answer in item["answers"]}
    assert said == {"Ask [EMAIL-1]: 5."}
    assert any("personal data masked" in note for note in report["notes"])
    assert not (run / "report").exists()


def test_masking_changes_no_figure(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run", SYSTEMS[1:3], items_per_task=5, rationale=f"Ask {MAIL}: 5.")
    main(["report", str(run)])
    main(["report", str(run), "--redact"])
    plain, masked = (
        json.loads((run / name / "report.json").read_text())
        for name in ("report", "report_redacted")
    )
    for shown in (plain, masked):
        del shown["items"], shown["notes"]
    assert masked == plain


def test_a_comparison_masks_flipped_items_but_not_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doc = {"question": f"{MAIL} or 415-555-0123?"}
    for name, right in (("a", 0.0), ("b", 1.0)):
        rows = [row(0, right, doc=doc, target="4155550123", resps=[[f"{MAIL} says {name}"]])]
        rows[0]["arguments"] = {"gen_args_0": {"arg_0": doc["question"]}}
        write_log(tmp_path / name, "t", rows, model_args=f"pretrained={name}")
    page = tmp_path / "page.html"
    sides = [str(tmp_path / name) for name in "ab"]
    assert main(["compare", *sides, "--redact", "--html", str(page)]) == 0
    for shown in (capsys.readouterr().out, page.read_text()):
        assert MAIL not in shown
        assert "[EMAIL-1] says" in shown
        assert "415-555-0123" in shown


def test_a_missing_model_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = write_run(tmp_path / "run", SYSTEMS[1:3], items_per_task=5)
    assert main(["report", str(run), "--names", "no_such_model"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
