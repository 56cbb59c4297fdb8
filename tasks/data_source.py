"""Where benchmark data comes from: one local directory, or the hub; never some of each.

A source is the path of a local data directory, or None for the hub.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from tasks.errors import UserError
from tasks.problem import Problem

DATA_VARIABLE = "CASCOD_DATA"

Source = Path | None
T = TypeVar("T")


def local_data_dir(data: Path | str | None) -> Source:
    """The local data directory: `data` if given, else CASCOD_DATA, else None for the hub.

    A directory that is named but does not exist is a UserError: falling back to the hub would mix
    sources in silence.
    """
    named = str(data or os.environ.get(DATA_VARIABLE, ""))
    if not named:
        return None
    directory = Path(named).expanduser()
    if not directory.is_dir():
        said_by = "--data" if data else DATA_VARIABLE
        raise UserError(
            f"{directory}: no such data directory (from {said_by}); "
            "name the directory that holds bbh/, bb_sub/, agieval/ and arc/, or leave it out for "
            "the hub"
        )
    return directory


def source_name(source: Source) -> str:
    """The source as every doc tells it; a local path is left out, so that logs compare anywhere."""
    return "hub" if source is None else "local"


def source_file(directory: Path, folder: str, name: str) -> Path:
    """A file of the local data directory; UserError where it is missing, never the hub's
    instead.
    """
    path = directory / folder / name
    if not path.is_file():
        raise UserError(
            f"{path}: no such file; a local data directory is the only source while it is named: "
            f"add the file, or leave out --data and {DATA_VARIABLE} to read from the hub"
        )
    return path


def local_folder(source: Source, folder: str, origin: str) -> Path:
    """The local data directory, for a benchmark that no hub has; UserError without one."""
    if source is None:
        raise UserError(
            f"{folder}: is read from local files alone; put those of {origin} into DIR/{folder} "
            f"and give --data DIR or set {DATA_VARIABLE}"
        )
    return source


def hub_rows(
    name: str,
    config: str | None,
    split: str,
    instead: str = f"to read local files instead, give --data or set {DATA_VARIABLE}",
) -> list[dict[str, Any]]:
    """All rows of one split of a hub dataset, in the hub's order.

    UserError where it cannot be had; `instead` says what else the user may do.
    """
    import datasets

    try:
        return list(datasets.load_dataset(name, config, split=split))
    except Exception as error:  # whatever the hub client raises, the user can only mend the source
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f"{name}{f' ({config})' if config else ''}: cannot be read from the hub ({reason}); "
            f"{instead}"
        ) from error


def adapt(
    rows: Iterable[Mapping[str, Any]], convert: Callable[[int, Mapping[str, Any]], T], where: str
) -> list[T]:
    """Each row, with its index, converted; UserError names the first row that lacks something."""
    items = []
    for index, row in enumerate(rows):
        try:
            items.append(convert(index, row))
        except KeyError as error:
            raise UserError(f"{where}: item {index} (from 0) has no field {error}") from None
        except (TypeError, ValueError, AttributeError, IndexError) as error:
            raise UserError(f"{where}: item {index} (from 0) cannot be read: {error}") from None
    if not items:
        raise UserError(f"{where}: holds no items")
    return items


def data_fingerprint(problems: Iterable[Problem]) -> str:
    """SHA-256, in hex, over ids, questions and gold answers, whatever their order."""
    digest = sha256()
    for problem in sorted(problems, key=lambda p: p.id):
        line = json.dumps([problem.id, problem.question, list(problem.golds)], ensure_ascii=False)
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()
