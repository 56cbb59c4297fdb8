"""Experiments read from YAML and written to it; faults are told by the key that is wrong."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from harness.running.data_sources import RationaleFilter
from harness.running.experiment import Experiment, Probing, Sampling
from harness.running.planned_decoding import SERVER_KEYS, PlannedDecoding
from harness.running.preset_files import preset_names, preset_text
from reports.logs.plan import Planned
from tasks.errors import UserError
from tasks.files import parse_yaml, read_text, yaml_value
from trainers.settings import TrainingSettings

# Pydantic's names of the fault, in a model and in a dataclass.
UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}


def load_experiment(name_or_path: str, overrides: dict[str, Any] | None = None) -> Experiment:
    """An experiment from a YAML file or a preset's name; UserError names the key that is wrong.

    `overrides` maps dotted keys ("training.epochs") to values that replace the file's.
    """
    text, where = _read(name_or_path)
    content = parse_yaml(text, where)
    for key, value in (overrides or {}).items():
        _override(content, key, value)
    try:
        return Experiment.model_validate(content)
    except ValidationError as error:
        raise UserError(f"{where}: {_first_fault(error)}") from None


def parse_overrides(assignments: Sequence[str]) -> dict[str, Any]:
    """`KEY=VALUE` arguments as dotted keys and YAML values."""
    overrides = {}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals or not key:
            raise UserError(f"--set {assignment}: expected KEY=VALUE")
        overrides[key] = yaml_value(value, f"--set {assignment}")
    return overrides


def dump_experiment(experiment: Experiment) -> str:
    """The resolved experiment as YAML that reads back as the same experiment."""
    return yaml.safe_dump(
        experiment.model_dump(mode="json", exclude_none=True), sort_keys=False, allow_unicode=True
    )


def _read(name_or_path: str) -> tuple[str, str]:
    path = Path(name_or_path)
    if path.is_file():
        return read_text(path), str(path)
    if name_or_path in preset_names():
        return preset_text(name_or_path), name_or_path
    raise UserError(
        f"{name_or_path}: no such file, and no preset of that name (presets: "
        f"{', '.join(preset_names())})"
    )


def _override(content: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = key.split(".")
    for parent in parents:
        content = content.setdefault(parent, {})
        if not isinstance(content, dict):
            raise UserError(f"--set {key}: {parent} is not a mapping")
    content[last] = value


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    # A discriminated union's tag is part of pydantic's location, but no key of the file.
    location = list(fault["loc"])
    if location[:1] in (["data"], ["train_on"]):
        del location[1:2]
    path = ".".join(str(part) for part in location)
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if fault["type"] in UNKNOWN_KEY:
        return f"{path}: unknown key{_closest(str(location[-1]), location[:-1])}{more}"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{path}: {message}{more}" if path else f"{message}{more}"


def _closest(key: str, parents: list[Any]) -> str:
    sections: dict[tuple[Any, ...], Collection[str]] = {
        (): Experiment.model_fields,
        ("training",): TrainingSettings.model_fields,
        ("decoding",): PlannedDecoding.model_fields,
        ("decoding", "server"): SERVER_KEYS,
        ("sampling",): Sampling.model_fields,
        ("train_on",): RationaleFilter.model_fields,
        ("probing",): Probing.model_fields,
        ("primary",): [field.name for field in fields(Planned)],
    }
    close = difflib.get_close_matches(key, sections.get(tuple(parents), ()), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
