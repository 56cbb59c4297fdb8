"""On-policy distillation: after Std-CoT, the student's own chains, judged by a larger teacher.

Agarwal et al., "On-Policy Distillation of Language Models: Learning from Self-Generated Mistakes",
arXiv 2306.13649. Needs the weights of a teacher that reads the student's tokens; of the records
only the questions are used.
"""

from dataclasses import replace

from trainers.methods.std_cot import METHOD as STD_COT

METHOD = replace(
    STD_COT,
    name="on_policy",
    summary="after Std-CoT: a larger teacher's probabilities of what the student writes",
    starts_from="std_cot",
    learning_rate=1e-5,
    objective="on_policy",
)
