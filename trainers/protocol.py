"""How a student is asked: the small file that travels beside its weights."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tasks.errors import UserError

PROTOCOL_FILE = "cascod_protocol.json"
CUE = "\nTherefore, the answer is"


@dataclass(frozen=True, slots=True)
class Protocol:
    """What is sent to a student and in how many stages.

    The prompt is q + `suffix`. With `cascade` the student first writes a rationale until EOS; the
    tokens of `cue` are then appended and it writes the answer until EOS. Without `cascade` it writes
    everything at once, and `cue` is the text by which its answer is found.
    """

    method: str
    suffix: str
    cascade: bool
    cue: str = CUE
    answer_weight: float | None = None
    data_fingerprint: str = ""

    def save(self, checkpoint: Path) -> None:
        """Write the protocol beside the weights in `checkpoint`."""
        (checkpoint / PROTOCOL_FILE).write_text(json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def load(cls, checkpoint: Path) -> Protocol:
        """Read the protocol of a checkpoint; UserError where there is none or it is broken."""
        path = checkpoint / PROTOCOL_FILE
        try:
            return cls(**json.loads(path.read_text()))
        except FileNotFoundError:
            raise UserError(
                f"{checkpoint}: no {PROTOCOL_FILE} beside the weights; "
                "name a method to say how this student is asked (--method)"
            ) from None
        except (json.JSONDecodeError, TypeError) as error:
            raise UserError(f"{path}: not a protocol ({error})") from None
