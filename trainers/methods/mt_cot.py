"""MT-CoT: two tasks told apart by the prompt, explanation with answer and answer alone; asked for
the latter.
"""

from trainers.method import Method, answer, cue, prompt, rationale, rationale_and_answer

EXPLAIN = "\n[Explanation Generation]:"
PREDICT = "\n[Answer Prediction]:"

METHOD = Method(
    name="mt_cot",
    summary="multi-task: explanation + answer beside answer alone; asked for the answer",
    suffix=PREDICT,
    cascade=False,
    rows=lambda record: [
        (
            prompt(record, EXPLAIN),
            rationale(record, "rationale"),
            cue("rationale"),
            # The whole explanation task weighs 1 - alpha, its answer included.
            answer(record, "rationale"),
        ),
        (prompt(record, PREDICT), answer(record, "answer")),
    ],
    weights=rationale_and_answer,
)
