"""SCOTT: factual rows on right chains, and counterfactual ones that learn what wrong ones lead to.

Wang et al., "SCOTT: Self-Consistent Chain-of-Thought Distillation", ACL 2023, as CasCoD's and
EDIT's comparisons have it: the chains are the teacher's own, without contrastive decoding.
"""

from tasks.records.record import CoTRecord
from trainers.method import Method, Row, answer, cue, prompt, rationale

FACTUAL = "[Factual] "
COUNTERFACTUAL = "[Counterfactual] "


def rows(record: CoTRecord) -> list[Row]:
    """The factual row, and the counterfactual one of a record that has a wrong chain."""
    factual: Row = (
        prompt(record, "", prefix=FACTUAL),
        rationale(record, "factual"),
        cue("factual"),
        answer(record, "factual"),
    )
    if record.dual is None:
        return [factual]
    wrong = record.counterpart()
    return [
        factual,
        (
            prompt(record, "", prefix=COUNTERFACTUAL),
            rationale(wrong, None),
            cue(None),
            answer(wrong, "counterfactual"),
        ),
    ]


METHOD = Method(
    name="scott",
    summary="right chains; and, behind another prefix, what wrong chains lead to",
    prefix=FACTUAL,
    suffix="",
    cascade=False,
    rows=rows,
    weights=lambda alpha: {"factual": 1.0 - alpha, "counterfactual": alpha},
    records=list,
    needs_dual=True,
)
