"""What stands beside a samples file: lm-eval's results, and our own word on the student asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from reports.logs.run_files import RUN_FILE
from tasks.files import read_json

# Where the results of lm-eval's own command tell what run.json tells of our evaluations.
STUDENT = "cascod"


def results_name(date: str) -> str:
    """How lm-eval calls the results file of an evaluation."""
    return f"results_{date}.json"


def results_beside(samples: Path, date: str) -> dict[str, Any]:
    """The results file of the same date; {} where there is none."""
    found: dict[str, Any] = read_json(samples.parent / results_name(date), needed=False)
    return found


def config_of(results: dict[str, Any]) -> dict[str, Any]:
    """Model and arguments, as lm-eval keeps them; {} where they are not told."""
    return object_of(results.get("config"))


def student_beside(samples: Path, date: str) -> dict[str, Any]:
    """What a log tells of a student of ours (its fingerprint, protocol, ...); {} of any other."""
    run: dict[str, Any] = read_json(samples.parent / RUN_FILE, needed=False)
    return run or object_of(config_of(results_beside(samples, date)).get(STUDENT))


def object_of(value: Any) -> dict[str, Any]:
    """A JSON object, or {} where anything else stands."""
    return value if isinstance(value, dict) else {}
