"""The page on layouts shows what is fed and learned, and its experiment reads."""

from __future__ import annotations

from pathlib import Path

import yaml
from chat_students import chat_tokenizer
from small_students import make_records

from harness.running.experiment import StudentSpec
from trainers.layouts.choose import layout_of
from trainers.methods import load_method

PAGE = (Path(__file__).parents[3] / "docs" / "layouts.md").read_text()
RECORD = make_records(2)[1]


def spelled(name: str, *, thinking: bool) -> str:
    """A record's row: targets in brackets, the end of the turn as ⏎."""
    method = load_method(name)
    protocol = method.protocol(None, "", layout="chat", thinking=thinking)
    [row] = method.rows(RECORD)
    return "".join(
        f"[{s.text}{'⏎' * s.eos}]" if s.group else s.text
        for s in layout_of(protocol, chat_tokenizer("qwen3")).spelled(row)
    )


def test_the_rows_shown_are_those_that_are_fed():
    shown = PAGE.split("<!-- rows:")[1].split("```\n")[1]
    assert (
        shown
        == "\n\n".join(
            f"{name}{', thinking' * thinking}\n{spelled(name, thinking=thinking)}"
            for name, thinking in (("cascod", False), ("cascod", True), ("std_cot", True))
        )
        + "\n"
    )


def test_the_students_shown_are_read():
    students = yaml.safe_load(PAGE.split("```yaml\n")[1].split("```")[0])["students"]
    read = [StudentSpec.model_validate(student) for student in students]
    assert [(s.layout, s.thinking) for s in read] == [
        ("plain", False),
        ("chat", False),
        ("chat", True),
    ]
