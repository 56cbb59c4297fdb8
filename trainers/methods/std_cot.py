"""Std-CoT: question -> rationale and answer in one go, every target token weighing the same."""

from trainers.method import Method, answer, cue, one_group, prompt, rationale

METHOD = Method(
    name="std_cot",
    summary="question -> rationale + answer in one go",
    suffix="",
    cascade=False,
    rows=lambda record: [
        (prompt(record, ""), rationale(record, "target"), cue("target"), answer(record, "target"))
    ],
    weights=one_group,
)
