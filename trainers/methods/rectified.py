"""Rectified ("RWC"): Std-CoT on right chains and on those rectified after a wrong first try.

The first phase of EDIT: Dai et al., "Beyond Imitation: Learning Key Reasoning Steps from Dual
Chain-of-Thoughts in Reasoning Distillation", arXiv 2405.19737.
"""

from dataclasses import replace

from trainers.methods.std_cot import METHOD as STD_COT

METHOD = replace(
    STD_COT,
    name="rectified",
    summary="Std-CoT on right and on rectified chains",
    records=list,
)
