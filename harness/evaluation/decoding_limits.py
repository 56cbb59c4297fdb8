"""How much a student may write, where nobody says it: its own protocol, else what fits its
context.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.decoding_plan import decoding_plan
from harness.evaluation.encoded_requests import encode_requests
from harness.evaluation.student import Request
from harness.evaluation.student_facts import StudentFacts
from trainers.settings import Precision

DEFAULTS = DecodingSettings()


@dataclass(frozen=True, slots=True)
class Limits:
    """The most tokens of a rationale and of an answer; `shrunk`: less than the defaults."""

    max_rationale_tokens: int
    max_answer_tokens: int
    shrunk: bool = False

    def settings(self, *, precision: Precision, batch_size: int) -> DecodingSettings:
        """Greedy decoding under these limits."""
        return DecodingSettings(
            max_rationale_tokens=self.max_rationale_tokens,
            max_answer_tokens=self.max_answer_tokens,
            precision=precision,
            batch_size=batch_size,
        )


def decoding_limits(
    student: StudentFacts,
    rationale: int | None,
    answer: int | None,
    requests: Callable[[], Sequence[Request]],
) -> Limits:
    """The limits given, else those of the student's protocol, else the defaults as far as they fit.

    Where no limit of the rationale is known, it shrinks to the room that the longest of the
    requests leaves in the student's context; `requests` makes them, and is called in this case
    alone.
    """
    protocol = student.protocol
    answer = answer or protocol.max_answer_tokens or DEFAULTS.max_answer_tokens
    if known := rationale or protocol.max_rationale_tokens:
        return Limits(known, answer)
    encoded = encode_requests(requests(), protocol, student.tokenizer)
    longest = max(len(request.ids) for request in encoded)
    shortest = DecodingSettings(max_rationale_tokens=1, max_answer_tokens=answer)
    room = student.context - longest - (decoding_plan(student, shortest).max_new_tokens - 1)
    # Without room for one token the evaluation says which prompts are too long.
    fits = min(DEFAULTS.max_rationale_tokens, max(room, 1))
    return Limits(fits, answer, shrunk=fits < DEFAULTS.max_rationale_tokens)
