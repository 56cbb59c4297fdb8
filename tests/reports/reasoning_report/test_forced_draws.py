"""Draws that were cut off: the forced answer counts, the rationale is what was written."""

from __future__ import annotations

from pathlib import Path

from sample_logs import write_log
from synthetic_run import lm_eval_row, sample

from reports.reasoning_report.read_cells import read_draws


def test_a_forced_draw_has_its_forced_answer_and_what_was_written_as_its_rationale(
    tmp_path: Path,
) -> None:
    cut = sample("embedded_ind", "counting", 1, correct=True, rationale="First 2", forced=True)
    write_log(tmp_path / "sampled" / "draw0", "cascod_embedded", [lm_eval_row(cut)])
    ((draw,),) = read_draws(tmp_path).values()
    assert (draw.parsed, draw.correct, draw.rationale) == (cut.gold, True, "First 2")
