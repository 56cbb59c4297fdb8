"""A logged rationale as the checks of `tasks.quality` see it, whoever logged it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from reports.logs.sample_texts import Texts
from tasks.problem import ANSWER_TYPES
from tasks.quality.chain import Chain
from tasks.quality.steps import steps_of
from tasks.scoring.cues import split_at_cue

_ASKED = re.compile(r"(?:\A|\n)[ \t]*(?:Q|Question):")
# The lines at the end of a prompt that only say where to go on: "A:", "Rationale:".
_OPENING = re.compile(r"(?:\n\s*(?:(?:A|Answer):[^\n]*|[^\n:]{1,40}:))+\s*\Z")


def logged_chain(
    doc: Any, prompt: str, rationale: str, answer: str | None, *, is_cut: bool = False
) -> Chain:
    """The chain of one response to a `prompt`; `answer` is what was read behind the rationale.

    A doc of our tasks tells the type of its answer and the options. Without these, and of a
    rationale that was cut off, no answer is held against the conclusion.
    """
    told = doc if isinstance(doc, dict) else {}
    question = told.get("question")
    chain = Chain(
        question=question if isinstance(question, str) else asked_last(prompt),
        steps=tuple(steps_of(rationale)),
        answer="",
        answer_type="free_text",
        is_cut=is_cut,
    )
    match told:
        case {"answer_type": answer_type, "options": list() as options} if (
            answer_type in ANSWER_TYPES
        ):
            return replace(
                chain,
                answer="" if is_cut else answer or "",
                answer_type=answer_type,
                options=tuple(map(str, options)),
            )
    return chain


def output_chain(texts: Texts) -> Chain:
    """The chain of an output as it was generated, cut where its answer begins."""
    split = split_at_cue(texts.output)
    return logged_chain(texts.doc, texts.prompt, split.rationale, split.answer)


def asked_last(prompt: str) -> str:
    """The question of a prompt: behind the last "Q:", so without description and examples."""
    return _OPENING.sub("", _ASKED.split(prompt)[-1]).strip()
