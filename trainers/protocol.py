"""How a student is asked: the small file that travels beside its weights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.files import read_json, write_json

PROTOCOL_FILE = "cascod_protocol.json"
CUE = "\nTherefore, the answer is"
LIMITS = ("max_rationale_tokens", "max_answer_tokens")


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is sent to a student and in how many stages.

    The prompt is q + `suffix`. With `cascade` the student first writes a rationale until EOS; the
    tokens of `cue` are then appended and it writes the answer until EOS. Without `cascade` it
    writes everything at once, and `cue` is the text by which its answer is found.

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

    def sent(self) -> dict[str, Any]:
        """What a reply depends on, as plain JSON: all but the limits, which are a setting of
        decoding.
        """
        return {name: value for name, value in asdict(self).items() if name not in LIMITS}

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
            return cls(**read_json(path))
        except TypeError as error:
            raise UserError(f"{path}: not a protocol ({error})") from None
