"""Zero-shot: the student as it is, asked for the answer; a row that every paper table has."""

from trainers.method import Method, one_group

METHOD = Method(
    name="zero_shot",
    summary="untrained student, asked for the answer",
    suffix=" The answer is",
    cascade=False,
    rows=None,
    weights=one_group,
)
