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
    *,
    begun: str = "",
) -> Reply:
    """The reply of a cascade: rationale + cue + answer, the answer cut at the first stop string.

    `begun` is what of it the prompt held: the tag that opens a thought.
    """
    said = [*response.rationale_ids, *cue_ids]
    before_answer = to_text(said)
    whole = to_text([*said, *response.answer_ids])
    completion = begun + before_answer + cut_at(whole[len(before_answer) :], until)
    return Reply(
        prompt_sent=prompt,
        completion=completion,
        rationale=to_text(response.rationale_ids).strip(),
        prompt_tokens=prompt_tokens,
        rationale_tokens=len(response.rationale_ids),
        answer_tokens=len(response.answer_ids),
        rationale_truncated=response.rationale_truncated
        or split_at_cue(completion).unfinished_thought,
        answer_truncated=response.answer_truncated,
    )


def single_stage_reply(
    prompt: str,
    prompt_tokens: int,
    suffix: str,
    response: Response,
    until: Sequence[str],
    to_text: ToText,
    *,
    begun: str = "",
) -> Reply:
    """The reply of a student that writes everything at once, cut at the first stop string.

    Where the prompt's suffix ends in a cue ("[Answer Prediction]:") what follows is the answer, so
    the suffix is scored with it, as is what the prompt held of the reply (`begun`, the tag that
    opens a thought). Otherwise the rationale reaches up to the cue that the student writes, or the
    end of its thinking, whose tokens count as the rationale's; without either all is rationale.
    Thinking without an end is a truncated rationale, whoever stopped it.
    """
    text = cut_at(to_text(response.answer_ids), until)
    # Tokenizers in Llama 2's manner lose the blank that a text begins with.
    given = (f"{suffix} " if split_at_cue(suffix).answer == "" else "") + begun
    completion = given + text
    split = split_at_cue(completion)
    if split.answer_start is None:
        rationale_tokens = len(response.answer_ids)
    else:
        up_to_answer = split.answer_start - len(given)
        rationale_tokens = _tokens_covering(response.answer_ids, up_to_answer, to_text)
    cut, answers = response.answer_truncated, split.answer_start is not None
    return Reply(
        prompt_sent=prompt,
        completion=completion,
        rationale=split.rationale,
        prompt_tokens=prompt_tokens,
        rationale_tokens=rationale_tokens,
        answer_tokens=len(response.answer_ids) - rationale_tokens,
        rationale_truncated=split.unfinished_thought or (cut and not answers),
        answer_truncated=cut and answers,
    )


def _tokens_covering(ids: Sequence[int], characters: int, to_text: ToText) -> int:
    """The least number of leading tokens whose text has at least so many characters."""
    return bisect_left(range(len(ids)), max(characters, 0), key=lambda n: len(to_text(ids[:n])))
