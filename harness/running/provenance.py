"""Where results come from: versions, machine, fingerprints."""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tasks.files import write_json

PACKAGES = (
    "cascod-bench",
    "lm-eval",
    "torch",
    "transformers",
    "trl",
    "peft",
    "accelerate",
    "datasets",
    "numpy",
    "scipy",
)


def write_provenance(path: Path, **fingerprints: Any) -> None:
    """Write down versions of what computes the results, the machine, and the given fingerprints."""
    content = {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "processor_cores": os.cpu_count(),
        "accelerator": _accelerator(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        **fingerprints,
    }
    write_json(path, content)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _accelerator() -> str | None:
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else None
