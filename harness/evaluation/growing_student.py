"""A student that is asked more and more, and nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.reply import Reply
from harness.evaluation.student import Answered, Request, Student
from tasks.progress import Progress
from trainers.protocol import Protocol


class GrowingStudent:
    """A `Student` that has replies at hand from earlier calls; settings are those of the first.

    Costs are those of what a call asked anew.
    """

    def __init__(self, student: Student) -> None:
        self._student = student
        self._known: dict[Request, Reply] = {}

    @property
    def protocol(self) -> Protocol:
        """The student's own."""
        return self._student.protocol

    @property
    def fingerprint(self) -> str:
        """The student's own."""
        return self._student.fingerprint

    def generation(self, settings: DecodingSettings) -> dict[str, Any]:
        """The student's own."""
        return self._student.generation(settings)

    def reply(
        self,
        requests: Sequence[Request],
        settings: DecodingSettings,
        progress: Progress | None = None,
    ) -> Answered:
        """Reply to all requests, asking those that are new."""
        new = [request for request in dict.fromkeys(requests) if request not in self._known]
        answered = self._student.reply(new, settings, progress)
        self._known |= dict(zip(new, answered.replies, strict=True))
        return Answered(tuple(self._known[request] for request in requests), answered.costs)
