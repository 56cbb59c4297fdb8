"""How the requests to a student are decoded, as its protocol and its tokenizer have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness.decoding.decoding_settings import DecodingSettings
from harness.decoding.stages import DecodingPlan
from harness.decoding.stop_strings import ToText, ends_at
from harness.evaluation.cue_behind import cue_behind, longest_cue
from harness.evaluation.student_facts import StudentFacts
from tasks.scoring.thoughts import TAGS
from trainers.layouts.choose import layout_of
from trainers.protocol import Protocol
from trainers.tokens import special_ids


def decoding_plan(
    student: StudentFacts, settings: DecodingSettings, stops: Sequence[str] = ()
) -> DecodingPlan:
    """Of a student, ended by the stop strings too."""
    return plan_of(
        student.protocol, student.tokenizer, settings, eos_ids=student.eos_ids, stops=stops
    )


def plan_of(
    protocol: Protocol,
    tokenizer: Any,
    settings: DecodingSettings,
    *,
    eos_ids: tuple[int, ...] = (),
    stops: Sequence[str] = (),
) -> DecodingPlan:
    """Of whoever is asked by this protocol; `eos_ids` end a text, and so do the stop strings."""
    layout, text = layout_of(protocol, tokenizer), to_text(tokenizer)
    cue = tuple(layout.continued(protocol.cue))
    return DecodingPlan(
        eos_ids=eos_ids,
        cue_ids=tuple(layout.cue_ids(protocol.cue)) if protocol.cascade else None,
        closing=len(layout.closing_ids),
        max_rationale_tokens=settings.max_rationale_tokens,
        max_answer_tokens=settings.max_answer_tokens,
        ends_text=ends_at(stops, text) if stops else None,
        cue_behind=cue_behind(protocol, cue, tokenizer, text),
        longest_cue=longest_cue(cue, tokenizer),
        stop_strings=tuple(stops),
    )


def to_text(tokenizer: Any) -> ToText:
    """Token ids to text, special tokens but think tags left out and blanks as they are."""
    tags = {tag for pair in TAGS for tag in pair}
    unsaid = {
        token
        for token in special_ids(tokenizer)
        if str(tokenizer.convert_ids_to_tokens(token)).lower() not in tags
    }

    def decoded(ids: Sequence[int]) -> str:
        said = [token for token in ids if token not in unsaid]
        return str(
            tokenizer.decode(said, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        )

    return decoded
