"""Zero-shot-CoT: the untrained student thinks step by step, then is asked for the answer.

Kojima et al., "Large Language Models are Zero-Shot Reasoners", NeurIPS 2022, two-stage prompting.
"""

from trainers.method import Method, one_group

METHOD = Method(
    name="zero_shot_cot",
    summary="untrained student, thinks step by step, then answers",
    suffix=" Let's think step by step.",
    cascade=True,
    rows=None,
    weights=one_group,
)
