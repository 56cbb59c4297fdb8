"""What evaluation writes for one item, beside lm-eval's own fields, and reports read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from tasks.problem import Role


@dataclass(frozen=True, slots=True)
class Sample:
    """One student's scored response to one item.

    Truncation flags say that the rationale or the answer ran into its token limit. Token counts are
    those of the student's own tokenizer; `rationale_tokens` and `answer_tokens` count generated
    tokens only, never the cue that a cascade appends. `path` is a solution path of a generated
    item, `path_taken` the one that the rationale takes; "" where that is not known.

    A response that was cut off before it answered may have its answer forced (`answer_forced`):
    `parsed`, `parse_ok` and `correct` are with that answer, `parsed_as_written` and
    `correct_as_written` without it; where nothing was forced they are the same. `raw` is all that
    the student wrote, before any stop string cut it, without the forced answer.
    """

    id: str
    task: str
    suite: str
    role: Role
    cluster: str
    prompt_sent: str
    rationale: str
    parsed: str | None
    gold: str
    parse_ok: bool
    correct: bool
    rationale_truncated: bool
    answer_truncated: bool
    prompt_tokens: int
    rationale_tokens: int
    answer_tokens: int
    path: str = ""
    path_taken: str = ""
    answer_forced: bool = False
    parsed_as_written: str | None = None
    correct_as_written: bool = False
    raw: str = ""

    def to_row(self) -> dict[str, Any]:
        """The fields as they stand beside lm-eval's own in a samples file."""
        return asdict(self)
