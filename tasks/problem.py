"""A question with its gold answers: what a student is asked, whatever the method."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

AnswerType = Literal["choice", "yes_no", "number", "word_list", "free_text"]
Role = Literal["ind", "ood"]

ANSWER_TYPES: tuple[AnswerType, ...] = get_args(AnswerType)

# Where whoever completes the prompt q goes on.
ANSWER_OPENING = "\n\nA:"


@dataclass(frozen=True, slots=True)
class Problem:
    """One item of a task.

    `golds` holds every answer that counts as right (one, but for items with tied best options).
    For `choice` a gold is the lettered or numbered option, e.g. "(B)" or "(27)", or its text, and
    `options` holds the option texts in the order in which the question lists them.
    `cluster` names what items share (a passage, a template); items of one cluster are not
    independent. `path` is the solution path of generated items in a canonical form, "" where it is
    unknown. `verifier` names who scores an answer where comparing it with the golds does not
    (`tasks.scoring.verifier`).
    """

    id: str
    task: str
    description: str
    question: str
    golds: tuple[str, ...]
    answer_type: AnswerType
    cluster: str
    options: tuple[str, ...] = ()
    path: str = ""
    verifier: str = ""

    def to_doc(self, suite: str, role: Role) -> dict[str, Any]:
        """The lm-eval doc of this problem as a member of `suite` (plain JSON types only)."""
        doc = asdict(self)
        if not self.verifier:
            del doc["verifier"]  # docs hash as they did before there were verifiers
        return doc | {
            "golds": list(self.golds),
            "options": list(self.options),
            "suite": suite,
            "role": role,
        }

    @classmethod
    def from_doc(cls, doc: dict[str, Any]) -> Problem:
        """The problem inside an lm-eval doc; the inverse of `to_doc`."""
        names = cls.__dataclass_fields__
        fields = {name: value for name, value in doc.items() if name in names}
        return cls(**fields | {"golds": tuple(doc["golds"]), "options": tuple(doc["options"])})


def question_prompt(description: str, question: str) -> str:
    """The prompt q that every method starts from; a method adds its own suffix."""
    return f"Task Description:\n{description}\nQ:{question}{ANSWER_OPENING}"


def as_message(prompt: str) -> str:
    """The prompt q as a user's message, which ends with the question: in a chat the turn itself
    says who speaks next. A prompt of any other form is a message as it stands.
    """
    return prompt.removesuffix(ANSWER_OPENING)
