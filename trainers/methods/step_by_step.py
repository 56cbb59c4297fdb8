"""Distilling step-by-step: rationale and answer as two tasks told apart by the prompt; asked for
the answer.

Hsieh et al., "Distilling Step-by-Step!", Findings of ACL 2023.
"""

from trainers.method import Method, answer, prompt, rationale, rationale_and_answer

RATIONALE = "\nRationale:"
ANSWER = "\nAnswer:"

METHOD = Method(
    name="step_by_step",
    summary="multi-task: rationale beside answer; asked for the answer",
    suffix=ANSWER,
    cascade=False,
    rows=lambda record: [
        (prompt(record, RATIONALE), rationale(record, "rationale", eos=True)),
        (prompt(record, ANSWER), answer(record, "answer")),
    ],
    weights=rationale_and_answer,
)
