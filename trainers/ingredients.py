"""CasCoD taken apart: methods composed of its single ingredients, to learn which of them matters.

CasCoD differs from Std-CoT in five things at once. Here each is a word: `cascade` trains question
-> rationale -> answer in one row like Std-CoT, behind the cascade's prompt and asked in two stages;
what is added to the name is added to the method. `cascade+weights+eos` is cascod, and
`cascade+cue_loss+one_stage+plain_prompt` is std_cot.
"""

from __future__ import annotations

from tasks.errors import UserError
from tasks.records.record import CoTRecord
from trainers.method import (
    Method,
    Row,
    answer,
    cue,
    one_group,
    prompt,
    rationale,
    rationale_and_answer,
)

BASE = "cascade"
INGREDIENTS = {
    "weights": "rationale and answer weigh 1 - alpha and alpha, however long they are",
    "eos": "the rationale closes with EOS",
    "cue_loss": (
        "the cue is learned, too (from its second token on where EOS takes the first one's place)"
    ),
    "one_stage": "asked for rationale and answer in one go",
    "plain_prompt": "the prompt ends with the question's own A:",
}
SUFFIX = "\nRationale:"


def is_composed(name: str) -> bool:
    """Whether a name is that of a method composed here, or meant to be."""
    return name.partition("+")[0] == BASE


def composed(name: str) -> Method:
    """The method of a name such as cascade+weights+eos; UserError where it cannot be.

    Asking in one stage needs a student that writes the cue by itself: one that learned the cue, and
    that did not learn to end before it.
    """
    base, *words = name.split("+")
    added = set(words)
    if base != BASE or len(added) < len(words) or added - INGREDIENTS.keys():
        raise UserError(
            f"method {name!r}: expected {BASE}, then each once and with a + before it, any of: "
            f"{', '.join(INGREDIENTS)}"
        )
    if "one_stage" in added and ("eos" in added or "cue_loss" not in added):
        raise UserError(
            f"method {name!r}: asked in one stage it would never reach an answer; "
            "one_stage needs cue_loss and no eos"
        )
    weighted = "weights" in added
    of_rationale, of_answer = ("rationale", "answer") if weighted else ("target", "target")
    suffix = "" if "plain_prompt" in added else SUFFIX

    def rows(record: CoTRecord) -> list[Row]:
        return [
            (
                prompt(record, suffix),
                rationale(record, of_rationale, eos="eos" in added),
                cue(of_rationale if "cue_loss" in added else None),
                answer(record, of_answer),
            )
        ]

    return Method(
        name=name,
        summary="; ".join(INGREDIENTS[word] for word in words) or "question -> rationale -> answer",
        suffix=suffix,
        cascade="one_stage" not in added,
        rows=rows,
        weights=rationale_and_answer if weighted else one_group,
        ingredients=frozenset(added),
    )
