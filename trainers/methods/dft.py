"""DFT: Std-CoT, each token's loss times the token's own probability, which is held constant.

Wu et al., "On the Generalization of SFT: A Reinforcement Learning Perspective with Reward
Rectification", arXiv 2508.05629.
"""

from dataclasses import replace

from trainers.methods.std_cot import METHOD as STD_COT

METHOD = replace(
    STD_COT,
    name="dft",
    summary="Std-CoT, each token's loss times its own probability",
    token_loss="dft",
)
