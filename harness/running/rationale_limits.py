"""`max_rationale_tokens: auto`: room for rationales as long as those a student is trained on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rich.console import Console

from harness.running.experiment import Experiment, StudentSpec
from harness.running.run_directory import RunDirectory
from harness.running.student_fits import reader
from harness.running.training_data import TrainingData
from reports.rendering.terminal import plain
from tasks.files import read_json, write_json
from tasks.records.record import CoTRecord
from trainers.method import rationale
from trainers.tokens import encode_continuation

SHARE = 99  # of a hundred training rationales
STEP = 16


def rationale_limits(
    run: RunDirectory,
    experiment: Experiment,
    data: TrainingData,
    locations: Mapping[str, str],
    console: Console,
) -> dict[str, int]:
    """The limit of each student, in its own tokens; none where the experiment names one.

    They are told to the user and kept in the run directory, so that a run goes on under the limits
    that it began with.
    """
    if not experiment.decoding.is_auto:
        return {}
    kept = read_json(run.rationale_limits_file, needed=False)
    if kept.get("training_data") == data.fingerprint:
        limits = {name: int(limit) for name, limit in kept["limits"].items()}
    else:
        limits = {
            spec.name: _limit(spec, locations[spec.name], data.train)
            for spec in experiment.students
        }
        write_json(run.rationale_limits_file, {"training_data": data.fingerprint, "limits": limits})
    for name, limit in limits.items():
        console.print(f"student {plain(name)}: {told(limit)}")
    return limits


def rationale_limit(records: Sequence[CoTRecord], count: Callable[[str], int]) -> int:
    """What 99 of 100 of the records' rationales have at most in tokens, with a quarter on top,
    rounded up to a multiple of 16. `count` counts the tokens of a text.
    """
    lengths = sorted(count(rationale(record, "").text) for record in records)
    reached = lengths[-(-len(lengths) * SHARE // 100) - 1]
    return -(-reached * 5 // (4 * STEP)) * STEP


def told(limit: int) -> str:
    """The limit in words."""
    return (
        f"rationales of at most {limit} tokens (auto: {SHARE} of 100 training rationales are no "
        "longer, with a quarter on top)"
    )


def _limit(spec: StudentSpec, location: str, records: Sequence[CoTRecord]) -> int:
    tokenizer = reader(spec, location).tokenizer
    return rationale_limit(records, lambda text: len(encode_continuation(tokenizer, text)))
