"""A method: answer first, then say why; asked for the answer, so that reasoning costs nothing.

In `trainers/methods/` this file would be all that it takes; its name is the method's.
"""

from tasks.records.record import parse_record
from trainers.method import Method, Segment, answer, prompt, rationale, rationale_and_answer

SUFFIX = "\nAnswer:"

METHOD = Method(
    name="explain_after",
    summary="question -> answer, then question + answer -> rationale; asked for the answer",
    suffix=SUFFIX,
    cascade=False,
    rows=lambda record: [
        (
            prompt(record, SUFFIX),
            # Closes with EOS, so the student stops here when it is asked; the row goes on.
            answer(record, "answer"),
            Segment("\nBecause:"),
            rationale(record, "rationale", eos=True),
        )
    ],
    weights=rationale_and_answer,
)

if __name__ == "__main__":
    text = {"id": "sum/0", "task": "sum", "description": "Add.", "question": "What is 2 plus 2?"}
    record = parse_record(
        text | {"answer": "4", "rationale": "From 2 go up 2: 3, 4.", "teacher": "by hand"}
    )
    assert METHOD.rows
    for row in METHOD.rows(record):
        for segment in row:
            print(f"{segment.group or 'no loss':10} {segment.text!r}{' EOS' * segment.eos}")
    print(f"weights at alpha = 0.3: {METHOD.weights(0.3)}")
