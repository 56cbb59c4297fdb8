"""What a student (or a stored completion) replied to one request, beyond the text itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from harness.decoding.stages import Response
from harness.decoding.stop_strings import ToText, cut_at
from tasks.scoring.cues import split_at_cue


@dataclass(frozen=True, slots=True)
class Reply:
    """One request's reply.

    `completion` is what is scored. Truncation flags and token counts are those of
    `tasks.sample.Sample`.
    """

    prompt_sent: str
    completion: str
    rationale: str
    prompt_tokens: int
    rationale_tokens: int
    answer_tokens: int
    rationale_truncated: bool
    answer_truncated: bool


def cascade_reply(
    prompt: str,
    prompt_tokens: int,
    response: Response,
    cue_ids: Sequence[int],
    until: Sequence[str],
    to_text: ToText,
) -> Reply:
    """The reply of a cascade: rationale + cue + answer, the answer cut at the first stop string."""
    said = [*response.rationale_ids, *cue_ids]
    before_answer = to_text(said)
    whole = to_text([*said, *response.answer_ids])
    return Reply(
        prompt_sent=prompt,
        completion=before_answer + cut_at(whole[len(before_answer) :], until),
        rationale=to_text(response.rationale_ids).strip(),
        prompt_tokens=prompt_tokens,
        rationale_tokens=len(response.rationale_ids),
        answer_tokens=len(response.answer_ids),
        rationale_truncated=response.rationale_truncated,
        answer_truncated=response.answer_truncated,
    )


def single_stage_reply(
    prompt: str,
    prompt_tokens: int,
    suffix: str,
    response: Response,
    until: Sequence[str],
    to_text: ToText,
) -> Reply:
    """The reply of a student that writes everything at once, cut at the first stop string.

    Where the prompt's suffix ends in a cue ("[Answer Prediction]:") what follows is the answer, so
    the suffix is scored with it. Otherwise the rationale reaches up to the cue that the student
    writes, whose tokens count as the rationale's; without one all is rationale.
    """
    text = cut_at(to_text(response.answer_ids), until)
    # Tokenizers in Llama 2's manner lose the blank that a text begins with.
    given = f"{suffix} " if split_at_cue(suffix).answer == "" else ""
    completion = given + text
    split = split_at_cue(completion)
    if split.cue is None:
        rationale_tokens = len(response.answer_ids)
    else:
        lead = len(completion) - len(completion.lstrip())
        cue_end = completion.index(split.cue, lead + len(split.rationale)) + len(split.cue)
        rationale_tokens = _tokens_covering(response.answer_ids, cue_end - len(given), to_text)
    return Reply(
        prompt_sent=prompt,
        completion=completion,
        rationale=split.rationale,
        prompt_tokens=prompt_tokens,
        rationale_tokens=rationale_tokens,
        answer_tokens=len(response.answer_ids) - rationale_tokens,
        rationale_truncated=response.answer_truncated and split.cue is None,
        answer_truncated=response.answer_truncated and split.cue is not None,
    )


def _tokens_covering(ids: Sequence[int], characters: int, to_text: ToText) -> int:
    """The least number of leading tokens whose text has at least so many characters."""
    return bisect_left(range(len(ids)), max(characters, 0), key=lambda n: len(to_text(ids[:n])))
