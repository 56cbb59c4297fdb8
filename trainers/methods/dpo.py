"""DPO on dual chains: after `rectified`, the right chain is preferred to the wrong one.

EDIT's comparison (its Table 9), where it collapses: Dai et al., "Beyond Imitation: Learning Key
Reasoning Steps from Dual Chain-of-Thoughts in Reasoning Distillation", arXiv 2405.19737. The loss
weighs the two chains by itself; what is given as weights is the direction in which each is moved.
"""

from dataclasses import replace

from trainers.methods.edit import METHOD as EDIT

METHOD = replace(
    EDIT,
    name="dpo",
    summary="after rectified: the right chain preferred to the wrong one",
    weights=lambda _alpha: {"right": 1.0, "wrong": -1.0},
    shared=None,
    normaliser="group",
    objective="dpo",
)
