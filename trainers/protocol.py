"""How a student is asked: the small file that travels beside its weights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from tasks.errors import UserError
from tasks.files import read_json, write_json

PROTOCOL_FILE = "cascod_protocol.json"
CUE = "\nTherefore, the answer is"
LIMITS = ("max_rationale_tokens", "max_answer_tokens")

LayoutName = Literal["plain", "chat"]
# What came to the protocol later; a student for whom it says nothing is sent what it always was.
ADDED = {"prefix": "", "layout": "plain", "thinking": False, "template": None}


@dataclass(frozen=True, slots=True)
class Template:
    """What a student's chat template does, as it was read from its tokenizer.

    `fingerprint`: of the template and what it renders. `arguments` are given to it at every
    rendering. `end_of_turn`: the id of the token that it puts behind an assistant's message.
    `think_tags` stand around a thinking student's rationale; `opens_thought`: the template writes
    the first of them itself, at the end of the prompt.
    """

    fingerprint: str
    arguments: dict[str, Any]
    end_of_turn: int
    think_tags: tuple[str, str] | None = None
    opens_thought: bool = False


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is sent to a student and in how many stages.

    The prompt is `prefix` + q + `suffix`, as `layout` renders it. With `cascade` the student first
    writes a rationale until EOS; the tokens of `cue` are then appended and it writes the answer
    until EOS. Without `cascade` it writes everything at once, and `cue` is the text by which its
    answer is found. In the layout `chat` what ends a turn stands for EOS, and with `thinking` the
    rationale stands between think tags; `template` is what was read of the student's own template,
    None where nothing was read yet.

    `max_rationale_tokens` and `max_answer_tokens` are the limits that the experiment which trained
    the student asks it under; None where they are not known.
    """

    method: str
    suffix: str
    cascade: bool
    cue: str = CUE
    answer_weight: float | None = None
    data_fingerprint: str = ""
    max_rationale_tokens: int | None = None
    max_answer_tokens: int | None = None
    prefix: str = ""
    layout: LayoutName = "plain"
    thinking: bool = False
    template: Template | None = None

    def __post_init__(self) -> None:
        """UserError where a plain student is to think."""
        if self.thinking and self.layout == "plain":
            raise UserError("thinking needs layout chat: a plain text has no think tags")

    @property
    def begun(self) -> str:
        """What of the student's turn its prompt holds already: the tag that opens its thought where
        the template writes it, or where a cascade asks for the thought alone.
        """
        if self.template is None or self.template.think_tags is None:
            return ""
        opened = self.cascade or self.template.opens_thought
        return self.template.think_tags[0] if opened else ""

    def sent(self) -> dict[str, Any]:
        """What a reply depends on, as plain JSON: all but the limits, which are a setting of
        decoding.
        """
        return {
            name: value
            for name, value in asdict(self).items()
            if name not in LIMITS and not (name in ADDED and value == ADDED[name])
        }

    def save(self, checkpoint: Path) -> None:
        """Write the protocol beside the weights in `checkpoint`."""
        write_json(checkpoint / PROTOCOL_FILE, asdict(self))

    @classmethod
    def load(cls, checkpoint: Path) -> Protocol:
        """Read the protocol of a checkpoint; UserError where there is none or it is broken."""
        path = checkpoint / PROTOCOL_FILE
        if not path.exists():
            raise UserError(
                f"{checkpoint}: no {PROTOCOL_FILE} beside the weights; "
                "name a method to say how this student is asked (--method)"
            )
        try:
            protocol = cls(**_with_template(read_json(path)))
        except TypeError as error:
            raise UserError(f"{path}: not a protocol ({error})") from None
        if protocol.layout not in get_args(LayoutName):
            raise UserError(f"{path}: unknown layout {protocol.layout!r}")
        return protocol


def _with_template(content: dict[str, Any]) -> dict[str, Any]:
    if (read := content.get("template")) is None:
        return content
    tags = read.get("think_tags")
    return content | {"template": Template(**read | {"think_tags": tags and tuple(tags)})}
