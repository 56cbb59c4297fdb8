"""Where results come from: versions, machine, fingerprints."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from harness.running.experiment import Experiment
from harness.running.training_data import TrainingData
from tasks.files import write_json
from trainers.notice import read_notice

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


def write_provenance(
    path: Path,
    experiment: Experiment,
    data: TrainingData,
    locations: Mapping[str, str],
    weights: Mapping[str, str],
) -> None:
    """Write down versions of what computes the results, the machine, the data and the students.

    `locations` and `weights` hold where each student lies and its fingerprint.
    """
    content = {
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "processor_cores": os.cpu_count(),
        "accelerator": _accelerator(),
        "packages": installed_packages(),
        "data": {
            "train_records": len(data.train),
            "train_records_left_out": data.left_out,
            "dev_records": len(data.dev),
            "train_fingerprint": data.fingerprint,
        },
        "students": {
            student.name: {
                "source": student.source,
                "notice": read_notice(locations[student.name]),
                "weights_fingerprint": weights[student.name],
            }
            for student in experiment.students
        },
    }
    write_json(path, content)


def installed_packages() -> dict[str, str]:
    """Versions of what computes the results, those that are installed."""
    return {name: found for name in PACKAGES if (found := _version(name))}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _accelerator() -> str | None:
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else None
