"""What evaluation asks of a student, whoever decodes: weights in this process, a server, a file."""

from __future__ import annotations

import typing
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.evaluation.inference_costs import InferenceCosts
from harness.evaluation.reply import Reply
from tasks.progress import Progress
from trainers.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One item put to a student.

    `item` is its id, `context` the text that the protocol's suffix is put behind, and the text of
    the reply is cut at the first of the stop strings `until`.
    """

    item: str
    context: str
    until: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The reply to each request, in their order, and what they took together."""

    replies: tuple[Reply, ...]
    costs: InferenceCosts


class Student(typing.Protocol):
    """Someone who replies to requests; nothing of it is set from outside.

    What is asked of it is an argument of the call. That it is a student of this protocol, with
    weights of this fingerprint, asked under these settings, are facts that an evaluation records.
    """

    @property
    def protocol(self) -> Protocol:
        """What is sent to the student and in how many stages."""

    @property
    def fingerprint(self) -> str:
        """What tells these weights (or stored texts) from all others."""

    def generation(self, settings: DecodingSettings) -> dict[str, Any]:
        """All that a reply under these settings depends on, but student and request: plain JSON."""

    def reply(
        self,
        requests: Sequence[Request],
        settings: DecodingSettings,
        progress: Progress | None = None,
    ) -> Answered:
        """Reply to all requests; `progress` is told of replies.

        UserError where the student cannot reply to one of them.
        """


def how_asked(student: Student, settings: DecodingSettings) -> dict[str, Any]:
    """The facts by which a log tells who was asked and how, as plain JSON."""
    return {
        "checkpoint_fingerprint": student.fingerprint,
        "protocol": student.protocol.sent(),
        "generation": student.generation(settings),
    }


class SamplingStudent(Student, typing.Protocol):
    """A student that says something else each time where it is asked at a temperature."""

    def decode_draws(
        self,
        requests: Sequence[Request],
        settings: DecodingSettings,
        draws: int,
        progress: Progress | None = None,
    ) -> list[Answered]:
        """Draws 0 to `draws` - 1 of the reply to each request, decoded together: an `Answered` a
        draw.

        The draw of `settings` is of no matter; `progress` is told of the replies of all draws.
        """
