"""How OpenMP's threads wait for one another: busily where cores are free, else asleep."""

from __future__ import annotations

import os

# Read by libgomp, torch's OpenMP, when torch is loaded; a user who set one has chosen.
VARIABLES = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")
# The share of all cores that other programs use already, in percent, looked at for so long.
BUSY = 25.0
SECONDS_OF_LOOKING = 0.3


def wait_as_cores_allow() -> None:
    """Have threads sleep while they wait where other programs are at work; call it before torch.

    Measured on two cores, new tokens a second of a 135M student in float32: alone 97 with busy
    waits and 80 asleep, beside two busy processes 29 and 48. Results are the same.
    """
    import psutil

    if not any(name in os.environ for name in VARIABLES) and (
        psutil.cpu_percent(SECONDS_OF_LOOKING) >= BUSY
    ):
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
