"""One chain that is asked for, and the reply to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness.collecting.budget import Tokens
from harness.collecting.prompts import Prompt, Purpose
from harness.collecting.teacher import Message, Teacher
from tasks.records.record import CoTRecord

# What a chat template may add: a system message of its own, and the marks around each message.
TEMPLATE_TOKENS, MESSAGE_TOKENS = 256, 16
# Why a server ended a text before the teacher did.
CUT_SHORT = ("length", "max_tokens", "content_filter")


@dataclass(frozen=True)
class ChatRequest:
    """A sample of a question for one purpose; the samples of a question are numbered from 0."""

    question: CoTRecord
    purpose: Purpose
    sample: int
    messages: tuple[Message, ...]
    prompt_sha256: str
    teacher: Teacher

    @cached_property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        return self.teacher.body(self.messages)

    @cached_property
    def key(self) -> str:
        """The same for the same request, whatever runs and wherever the model is served."""
        told = (self.question.id, self.purpose, self.sample, self.body)
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:24]

    @cached_property
    def most_tokens(self) -> Tokens:
        """What it can take at most: no tokenizer makes more tokens of a text than it has bytes.

        Templates write fields beside the messages (tools, a schema of the reply) into the prompt.
        """
        sampling = self.teacher.sampling
        sizes = [len(each["content"].encode()) + MESSAGE_TOKENS for each in self.messages]
        if sampling.extra:
            sizes.append(len(json.dumps(dict(sampling.extra), indent=4)))
        return Tokens(sum(sizes) + TEMPLATE_TOKENS, sampling.max_tokens)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a teacher wrote: `text` with its thoughts between think tags.

    `tokens` is what the server says that it took, None where it says nothing; `model` the name that
    the server gives the model, `server` its address, `date` in ISO 8601, UTC.
    """

    text: str
    finish_reason: str
    tokens: Tokens | None
    model: str
    server: str
    date: str

    @property
    def is_cut(self) -> bool:
        """Whether the server ended the text, not the teacher."""
        return self.finish_reason in CUT_SHORT


def request_for(
    question: CoTRecord, sample: int, prompt: Prompt, teacher: Teacher, rationale: str = ""
) -> ChatRequest:
    """The request for one sample of a question; `rationale` as `Prompt.messages` takes it."""
    messages = tuple(prompt.messages(question, rationale))
    return ChatRequest(question, prompt.purpose, sample, messages, prompt.sha256, teacher)
