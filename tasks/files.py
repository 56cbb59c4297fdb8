"""Files, read and written: whole or not at all, with errors that name file and line."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from tasks.errors import UserError

LARGEST_CELL = 2**24  # characters
MOST_YAML_VALUES = 1_000_000
# How pandas reads what is no JSON Lines file but can become one.
_CONVERSIONS = {
    ".csv": "read_csv('{path}')",
    ".tsv": "read_csv('{path}', sep='\\t')",
    ".xlsx": "read_excel('{path}')",
    ".xls": "read_excel('{path}')",
    ".ods": "read_excel('{path}')",
    ".parquet": "read_parquet('{path}')",
}

_LIST_OF_OBJECTS = re.compile(r"\s*\[\s*(\{|$)")
_JSON_NAMES: dict[type, str] = {dict: "object", list: "array", float: "number"}


@contextmanager
def large_cells() -> Iterator[None]:
    """Meanwhile a cell of a CSV file may be as long as a passage is; csv has one limit for all."""
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def write_whole(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Write a file, and its folder, whole or not at all; UserError where the disk refuses."""
    if not path.name:
        raise UserError(f"{path}: is a directory, expected a file to write")
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            part.write_bytes(content)
        else:
            with part.open("w", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines([content] if isinstance(content, str) else content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise cannot_write(path, error) from None
    except ValueError as error:
        raise UserError(f"{path}: cannot be written ({error})") from None


def write_json(path: Path, content: Any, *, indent: int | None = 2) -> None:
    """Write JSON whole or not at all."""
    write_whole(path, json.dumps(content, indent=indent, ensure_ascii=False) + "\n")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other processes that do so, too, from the file while it is read, changed and written.

    The lock is on a file beside it (`FILE.lock`), which stays: the file itself is replaced.
    """
    import fcntl  # reports are also read where there is none

    beside = path.with_name(f"{path.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = beside.open("a")
    except OSError as error:
        raise cannot_write(beside, error) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def append_durably(path: Path, data: bytes) -> None:
    """Append to a file, and create its folder; the data is on disk when this returns.

    UserError where it cannot be; the file is then as it was before.
    """
    size = path.stat().st_size if path.exists() else 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            os.truncate(path, size)
        raise cannot_write(path, error) from None


def lock_journal(path: Path, taken: str) -> BinaryIO:
    """Make a journal and its folder, keep other processes from it until what is returned is closed,
    and take away a torn last line.

    UserError where it cannot be written, and with `taken` where another process has it.
    """
    import fcntl

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("ab")
    except OSError as error:
        raise cannot_write(path, error) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        cut_torn_line(path)
    except BlockingIOError:
        lock.close()
        raise UserError(taken) from None
    except BaseException:
        lock.close()
        raise
    return lock


def cut_torn_line(path: Path) -> None:
    """Take away a last line without an end: a process was killed while it wrote it."""
    if not path.exists():
        return
    text = path.read_bytes()
    whole = text.rfind(b"\n") + 1
    if whole < len(text):
        os.truncate(path, whole)


def cannot_write(path: Path, error: OSError) -> UserError:
    """What to tell a user whose disk refused a write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(
            f"{path}: no space left on the disk; free some and start the same command again, "
            "it goes on after the last finished batch"
        )
    return UserError(f"{path}: cannot be written ({error.strerror})")


def read_json(path: Path, shape: type | tuple[type, ...] = dict, *, needed: bool = True) -> Any:
    """The content of a JSON file whose top level is a `shape` (dict, list, or either).

    An empty one for an absent file that is not `needed`.
    """
    shapes = shape if isinstance(shape, tuple) else (shape,)
    try:
        text = _read(path)
    except FileNotFoundError:
        if needed:
            raise UserError(f"{path}: no such file") from None
        return shapes[0]()
    content = _decoded(text, str(path))
    if not isinstance(content, shapes):
        expected = " or ".join(_JSON_NAMES[each] for each in shapes)
        raise UserError(
            f"{path}: expected a JSON {expected} at the top level, got {type(content).__name__}"
        )
    return content


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML mapping; {} where there is no such file."""
    try:
        text = _read(path)
    except FileNotFoundError:
        return {}
    return parse_yaml(text, str(path))


def parse_yaml(text: str, where: str) -> dict[str, Any]:
    """A YAML mapping; UserError with the line of a fault."""
    content = yaml_value(text, where)
    if not isinstance(content, dict):
        raise UserError(f"{where}: expected a mapping of keys, got {type(content).__name__}")
    return content


def yaml_value(text: str, where: str) -> Any:
    """Whatever a YAML text holds; UserError with the line of a fault."""
    try:
        content = yaml.safe_load(text)
        _written_out(content, {})
        return content
    except RecursionError:
        raise UserError(f"{where}: nested too deeply") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = " ".join(str(getattr(error, "problem", None) or error).split())
        raise UserError(f"{where}{line}: not valid YAML ({problem})") from None
    except (ValueError, TypeError, OverflowError, KeyError, AttributeError, IndexError) as error:
        # A tag or a date whose value Python cannot make, or a number of thousands of digits.
        raise UserError(f"{where}: not valid YAML ({error})") from None


def _written_out(content: Any, sizes: dict[int, int | None]) -> int:
    """How many values the content has with its aliases written out; ValueError for far too many.

    `sizes` holds those of lists and mappings by identity, None of those that are being counted.
    """
    if not isinstance(content, dict | list):
        return 1
    known = sizes.setdefault(id(content), 0)
    if known is None:
        raise ValueError("an alias inside of what it stands for")
    if not known:
        sizes[id(content)] = None
        parts = content.values() if isinstance(content, dict) else content
        known = sizes[id(content)] = 1 + sum(_written_out(part, sizes) for part in parts)
        if known > MOST_YAML_VALUES:
            raise ValueError("too many values, with its aliases written out")
    return known


def jsonl_objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSONL file with their line numbers; UserError with file:line for others."""
    for number, row in numbered_rows(path):
        if not isinstance(row, dict):
            raise UserError(f"{path}:{number}: expected an object, got {type(row).__name__}")
        yield number, row


def numbered_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """The decoded rows of a JSONL file with their line numbers; UserError with file:line.

    A table or a JSON array is refused with the line of pandas that makes JSON Lines of it.
    """
    if path.suffix.lower() in _CONVERSIONS and path.is_file():
        raise _not_json_lines(path, _CONVERSIONS[path.suffix.lower()])
    for number, line in numbered_lines(path):
        if number == 1 and _LIST_OF_OBJECTS.match(line):
            raise _not_json_lines(path, "read_json('{path}')")
        yield number, _decoded(line, f"{path}:{number}", lines=False)


def _not_json_lines(path: Path, read: str) -> UserError:
    to_json = "to_json('{to}', orient='records', lines=True, force_ascii=False)"
    to = path.with_suffix(".lines.jsonl" if path.suffix == ".jsonl" else ".jsonl")
    line = f"{read}.{to_json}".format(path=path, to=to)
    return UserError(
        f"{path}: not JSON Lines (one JSON object a line); make a suite of questions with cascod "
        f"suite new {path} --name NAME, or convert it (pip install pandas) with "
        f'python -c "import pandas; pandas.{line}"'
    )


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The non-blank lines of a UTF-8 text file with their numbers, from 1."""
    try:
        # -sig: a byte-order mark may stand first.
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except IsADirectoryError:
        raise UserError(f"{path}: is a directory, expected a JSONL file") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError as error:
        raise UserError(f"{path}: cannot be read ({error})") from None


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; UserError where it cannot be read or is none."""
    try:
        return _read(path)
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None


def _decoded(text: str, where: str, *, lines: bool = True) -> Any:
    """A JSON text; UserError where it is none, or holds what could not be written again."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        line = f":{error.lineno}" if lines else ""
        raise UserError(f"{where}{line}: not valid JSON ({error.msg})") from None
    except RecursionError:
        raise UserError(f"{where}: nested too deeply") from None
    except ValueError:
        raise UserError(f"{where}: a number of thousands of digits") from None
    try:
        json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise UserError(f"{where}: nested too deeply") from None
    except UnicodeEncodeError:
        raise UserError(f"{where}: half a character (a lone \\ud... escape)") from None
    except ValueError:
        raise UserError(f"{where}: holds NaN or Infinity, which are no JSON numbers") from None
    return content


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError as error:
        raise UserError(f"{path}: cannot be read ({error})") from None
