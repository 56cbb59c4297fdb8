"""EDIT: after `rectified`, learn the key steps, those in which a right and a wrong chain differ.

A row's loss is the weighted sum over its key tokens, divided by all of its target tokens, and
rows are averaged, so key tokens pull the less the longer their row is. The wrong chain's weigh
negative: they are made less likely. Dai et al., "Beyond Imitation: Learning Key Reasoning Steps
from Dual Chain-of-Thoughts in Reasoning Distillation", arXiv 2405.19737.
"""

from tasks.records.record import CoTRecord
from trainers.method import Method, Row, answer, cue, prompt, rationale, with_dual

RIGHT_WEIGHT = 1.0
WRONG_WEIGHT = -0.025


def rows(record: CoTRecord) -> list[Row]:
    """The right chain and the wrong one, each with its answer, behind the same prompt."""
    return [_row(record, "right"), _row(record.counterpart(), "wrong")]


def _row(record: CoTRecord, group: str) -> Row:
    return (prompt(record, ""), rationale(record, group), cue(group), answer(record, group))


METHOD = Method(
    name="edit",
    summary="after rectified: the tokens in which right and wrong chains differ",
    suffix="",
    cascade=False,
    rows=rows,
    weights=lambda _alpha: {"right": RIGHT_WEIGHT, "wrong": WRONG_WEIGHT, "shared": 0.0},
    records=with_dual,
    needs_dual=True,
    shared="shared",
    normaliser="row",
    starts_from="rectified",
    learning_rate=5e-6,
)
