"""CasCoD: question -> rationale with the answer hidden, then question + rationale -> answer.

Both steps stand in one row: attention is causal, so the rationale's tokens cannot see the answer,
and EOS after the rationale is the label of the position where the cue begins. Dai et al., "Improve
Student's Reasoning Generalizability through Cascading Decomposed CoTs Distillation", EMNLP 2024.
"""

from trainers.method import Method, answer, cue, prompt, rationale, rationale_and_answer

SUFFIX = "\nRationale:"

METHOD = Method(
    name="cascod",
    summary="question -> rationale, then question + rationale -> answer",
    suffix=SUFFIX,
    cascade=True,
    rows=lambda record: [
        (
            prompt(record, SUFFIX),
            rationale(record, "rationale", eos=True),
            cue(None),
            answer(record, "answer"),
        )
    ],
    weights=rationale_and_answer,
)
