"""The points of a sweep: one experiment at several values of one key, and where each lies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from harness.running.experiment import Experiment
from harness.running.experiment_file import dump_experiment, load_experiment
from harness.running.run_directory import CLAIMS, WORKFORCE
from tasks.errors import UserError
from tasks.files import yaml_value

# Keys that change no run, so that a curve over them would be flat by construction.
WITHOUT_EFFECT = ("name", *WORKFORCE, *CLAIMS)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of the key, the experiment at that value, and the folder of its run."""

    value: float | int | str | bool | None
    experiment: Experiment
    folder: str


def points(name_or_path: str, over: str, overrides: dict[str, Any]) -> tuple[str, list[Point]]:
    """The key of `KEY=V1,V2,...` and a point for each value, all of them valid experiments.

    UserError for a key or a value that the experiment does not take, and for one named twice.
    """
    key, values = _key_and_values(over)
    if any(f"{key}.".startswith(f"{each}.") for each in WITHOUT_EFFECT):
        raise UserError(f"--over {key}: changes nothing that is trained or evaluated")
    if key in overrides:
        raise UserError(f"--over {key}: is also given by --set")
    found: list[Point] = []
    for value in values:
        try:
            experiment = load_experiment(name_or_path, overrides | {key: value})
        except UserError as error:
            raise UserError(f"--over {key}={_text(value)}: {error}") from None
        # The value as the experiment understands it, so that 0 and 0.0 are one.
        resolved = _at(content_of(experiment), key)
        if resolved is None:
            resolved = value  # a default, which a file does without
        folder = f"{key}={re.sub(r'[^A-Za-z0-9._+-]', '_', _text(resolved))}"
        if twin := next((point for point in found if point.folder == folder), None):
            raise UserError(f"--over {key}: {_text(twin.value)} and {_text(value)} are the same")
        found.append(Point(resolved, experiment, folder))
    return key, found


def content_of(experiment: Experiment) -> dict[str, Any]:
    """An experiment as its file would hold it."""
    return dict(yaml.safe_load(dump_experiment(experiment)))


def _key_and_values(over: str) -> tuple[str, list[Any]]:
    key, _, text = over.partition("=")
    if not key or not text:
        raise UserError(f"--over {over}: expected KEY=V1,V2,...")
    values = yaml_value(f"[{text}]", f"--over {over}")
    if not isinstance(values, list) or len(values) < 2:
        raise UserError(f"--over {over}: a sweep needs two values or more, separated by commas")
    for value in values:
        if isinstance(value, list | dict):
            raise UserError(f"--over {over}: {value} is not a single number or word")
    return key, values


def _at(content: dict[str, Any], key: str) -> Any:
    """The value at a dotted key; None where it is not set."""
    found: Any = content
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _text(value: Any) -> str:
    """A value as it stands in a folder's name: 0 for 0.0, none for no value."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
