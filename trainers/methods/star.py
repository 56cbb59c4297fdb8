"""STaR: the student writes the chains; what it answers right is what the base is trained on.

In each round the student is asked all training questions; those that it gets wrong are asked again
with the right answer as a hint. The base is then trained on the chains that led to the right
answer, and the result asks itself in the next round. Zelikman et al., "STaR: Bootstrapping
Reasoning With Reasoning", NeurIPS 2022. There the first round's examples stand in the prompt; here
`std_cot` gives the first student, so a teacher's chains are behind all that follow.
"""

from dataclasses import replace

from trainers.methods.std_cot import METHOD as STD_COT

METHOD = replace(
    STD_COT,
    name="star",
    summary="rounds of training on what the student, after Std-CoT, wrote itself",
    records=list,
    starts_from="std_cot",
    rounds=2,
)
