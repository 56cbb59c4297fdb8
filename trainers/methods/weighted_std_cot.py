"""Weighted Std-CoT: Std-CoT's rows and prompt with the cascade's loss weights.

The control that tells the cascade from the mere re-weighting of the answer: a few per cent of a
Std-CoT target are answer tokens, so alpha = 0.3 raises their weight about fifteenfold.
"""

from trainers.method import Method, answer, cue, prompt, rationale, rationale_and_answer

METHOD = Method(
    name="weighted_std_cot",
    summary="Std-CoT with the cascade's loss weights (control)",
    suffix="",
    cascade=False,
    rows=lambda record: [
        (
            prompt(record, ""),
            rationale(record, "rationale"),
            cue("rationale"),
            answer(record, "answer"),
        )
    ],
    weights=rationale_and_answer,
)
