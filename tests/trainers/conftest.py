from __future__ import annotations

from typing import Any

import pytest
from small_students import make_records

from tasks.records.record import CoTRecord
from trainers.students.tiny import train_tokenizer


@pytest.fixture(scope="session")
def records() -> list[CoTRecord]:
    return make_records(12)


@pytest.fixture(scope="session")
def tokenizer() -> Any:
    texts = [f"{r.description} {r.question} {r.rationale}" for r in make_records(12)]
    return train_tokenizer(texts, 400)
