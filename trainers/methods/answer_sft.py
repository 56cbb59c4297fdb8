"""Answer-SFT: question -> answer, no rationale; what distillation must beat to be worth its
tokens.
"""

from trainers.method import Method, answer, one_group, prompt

METHOD = Method(
    name="answer_sft",
    summary="question -> answer, no rationale",
    suffix="",
    cascade=False,
    rows=lambda record: [(prompt(record, ""), answer(record, "target"))],
    weights=one_group,
)
