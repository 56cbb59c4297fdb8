"""The layout of an experiment's student, and in one line which one it is and why."""

from __future__ import annotations

from typing import Any

from harness.evaluation.layout_choice import layout_line
from harness.running.experiment import StudentSpec
from trainers.layouts.choose import layout_of
from trainers.layouts.layout import Layout
from trainers.method import Method
from trainers.protocol import Protocol


def layout_told(student: StudentSpec, tokenizer: Any) -> str:
    """The layout that a student is trained and asked in, and why; "" where there is no choice."""
    protocol = Protocol("", "", False, layout=student.layout, thinking=student.thinking)
    said = "layout" in student.model_fields_set
    return layout_line(protocol, tokenizer, "as the experiment says" if said else "the default")


def layout_by(student: StudentSpec, tokenizer: Any, method: Method) -> Layout:
    """A student's layout as a method trains and asks it."""
    return layout_of(
        method.protocol(None, "", layout=student.layout, thinking=student.thinking), tokenizer
    )
