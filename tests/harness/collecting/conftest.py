"""Questions, a real teacher that knows some replies by heart, and the command that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from teacher_dialogues import DIALOGUES, QUESTIONS, write_questions
from tiny_teacher import save_teacher, transformers_serve


@pytest.fixture(scope="package")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder, which is its name, too."""
    return save_teacher(tmp_path_factory.mktemp("teacher"), DIALOGUES)


@pytest.fixture(scope="package")
def server(teacher: Path) -> Iterator[str]:
    """The address of `transformers serve`."""
    with transformers_serve(teacher) as url:
        yield url


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file of all questions."""
    return write_questions(tmp_path / "questions.jsonl", *QUESTIONS)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.collecting.asking.FIRST_WAIT", 0.01)
