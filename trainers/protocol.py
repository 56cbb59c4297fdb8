"""How a student is asked: the small file that travels beside its weights."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from tasks.errors import UserError
from tasks.files import read_json, write_json

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
