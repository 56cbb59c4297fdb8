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

    `completion` is what is scored, with the forced answer where there is one; `as_written` is the
    same without it, and `raw` all that was written, before a stop string cut it. `fed_tokens`
    counts the cue that was appended. Truncation flags and token counts are those of
    `tasks.sample.Sample`.
    """

    prompt_sent: str
    completion: str
    as_written: str
    raw: str
    rationale: str
    prompt_tokens: int
    rationale_tokens: int
    answer_tokens: int
    rationale_truncated: bool
    answer_truncated: bool
    answer_forced: bool = False
    fed_tokens: int = 0


def cascade_reply(
    prompt: str,
    prompt_tokens: int,
    response: Response,
    cue: Sequence[int],
    until: Sequence[str],
    to_text: ToText,
    *,
    begun: str = "",
) -> Reply:
    """The reply of a cascade: rationale + cue + answer, the answer cut at the first stop string.

    `cue` is what was appended to the rationale: a thought that it had left open is closed. `begun`
    is what of the reply the prompt held: the tag that opens a thought.
    """
    text, raw = _continued(response.rationale_ids, cue, response.answer_ids, until, to_text)
    completion = begun + text
    return Reply(
        prompt_sent=prompt,
        completion=completion,
        as_written=completion,
        raw=raw,
        rationale=to_text(response.rationale_ids).strip(),
        prompt_tokens=prompt_tokens,
        rationale_tokens=len(response.rationale_ids),
        answer_tokens=len(response.answer_ids),
        rationale_truncated=response.rationale_truncated,
        answer_truncated=response.answer_truncated,
        fed_tokens=len(cue),
    )


def single_stage_reply(
    prompt: str,
    prompt_tokens: int,
    suffix: str,
    response: Response,
    until: Sequence[str],
    to_text: ToText,
    cue: Sequence[int] = (),
    *,
    begun: str = "",
) -> Reply:
    """The reply of a student that writes everything at once, cut at the first stop string.

    Where the prompt's suffix ends in a cue ("[Answer Prediction]:") what follows is the answer, so
    the suffix is scored with it, as is what the prompt held of the reply (`begun`, the tag that
    opens a thought). Otherwise the rationale reaches up to the cue that the student writes, or the
    end of its thinking, whose tokens count as the rationale's; without either all is rationale.
    Thinking without an end holds no answer; it is truncated only where it met the limit.

    Where an answer was forced, behind `cue`, all that was written counts as the rationale's. A text
    that a stop string cuts had ended there, and nothing is forced on it.
    """
    raw = to_text(response.answer_ids)
    text = cut_at(raw, until)
    # Tokenizers in Llama 2's manner lose the blank that a text begins with.
    given = (f"{suffix} " if split_at_cue(suffix).answer == "" else "") + begun
    as_written = completion = given + text
    split = split_at_cue(as_written)
    forced = response.forced_ids if text == raw else None
    if forced is not None:
        completion = given + _continued(response.answer_ids, cue, forced, until, to_text)[0]
    if split.answer_start is None or forced is not None:
        rationale_tokens = len(response.answer_ids)
    else:
        up_to_answer = split.answer_start - len(given)
        rationale_tokens = _tokens_covering(response.answer_ids, up_to_answer, to_text)
    cut, answers = response.answer_truncated, split.answer_start is not None
    return Reply(
        prompt_sent=prompt,
        completion=completion,
        as_written=as_written,
        raw=raw,
        rationale=split.rationale,
        prompt_tokens=prompt_tokens,
        rationale_tokens=rationale_tokens,
        answer_tokens=len(response.answer_ids) - rationale_tokens + len(forced or ()),
        rationale_truncated=cut and not answers,
        answer_truncated=cut and answers,
        answer_forced=forced is not None,
        fed_tokens=0 if forced is None else len(cue),
    )


def _continued(
    written: Sequence[int],
    cue: Sequence[int],
    answer: Sequence[int],
    until: Sequence[str],
    to_text: ToText,
) -> tuple[str, str]:
    """What was written, a cue and the answer behind it as text: the answer cut at the first stop
    string, and whole.
    """
    before, whole = to_text([*written, *cue]), to_text([*written, *cue, *answer])
    return before + cut_at(whole[len(before) :], until), whole


def _tokens_covering(ids: Sequence[int], characters: int, to_text: ToText) -> int:
    """The least number of leading tokens whose text has at least so many characters."""
    return bisect_left(range(len(ids)), max(characters, 0), key=lambda n: len(to_text(ids[:n])))
