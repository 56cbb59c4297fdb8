"""What is to be collected: of whom, for which questions, by which prompts, within which limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.collecting.budget import Limits
from harness.collecting.prompts import Prompt, Purpose
from harness.collecting.teacher import Teacher
from tasks.records.provenance import Terms
from tasks.records.record import CoTRecord


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be collected.

    `prompts` holds one for each round: the first tries, and the others where they are wanted.
    `terms` are those on which the chains may be used.
    """

    questions: Sequence[CoTRecord]
    teacher: Teacher
    teacher_name: str
    prompts: Mapping[Purpose, Prompt]
    samples: int
    limits: Limits
    concurrency: int
    timeout: float
    retries: int
    terms: Terms
