"""Files and arguments made hostile: what a fuzzer changes, drawn from a seeded stream."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

DEEP = 20_000
NAMES = (
    "mmlu[law]",
    "[/x]",
    "[bold]",
    "\x1b[2J\x1b]0;title\x07",
    "a\x00b",
    "\u202egpj.exe",
    "\ufffe",
    "x" * 300,
    "../../etc",
    "<script>alert(1)</script>",
    "%s%n{0}",
    "'\"\\",
    "a\nb\r\tc",
    "\u2028",
    "-",
    ".",
    "",
    " ",
    "NaN",
    "nul\\",
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 0.5, 1e308, -1e308, 10**25, 2**32, 2**63, -(2**64)),
    *(float("nan"), float("inf"), -float("inf")),
    *([], {}, [[]], {"": None}, [None], ["a", 1], {"a": {"b": []}}),
    *NAMES,
)
# What no decoder of Python would write, spelt as it stands in a file.
RAW = (
    "1" * 6000,
    "-" + "9" * 5000,
    "[" * DEEP,
    "[" * DEEP + "]" * DEEP,
    '{"a":' * DEEP,
    '"\\ud800"',
    '"\\x"',
    "1e999",
    "NaN",
    "\x00",
    "&a [*a]",
    "!!python/object:os.system {}",
    "2001-99-99",
    "? [a, b] : c",
    "- " * DEEP,
)
ARGUMENTS = (
    *NAMES,
    *("0", "-1", "1", "0.5", "nan", "inf", "-inf", "1e999", "9" * 6000, str(2**63), "0x10", "²"),
    *("\udcff", "KEY=VALUE", "=", "a=", "=a", "a=[", "seeds=[-1]", "seeds=[4294967296]"),
    *("training.learning_rate=.inf", "training.learning_rate=.nan", "sampling={temperature: .inf}"),
    *("a.b.c=1", "students.0=1", "methods=[[[[]]]]", f"methods={'[' * DEEP}", "data=2001-99-99"),
    *("jobs=" + "9" * 5000, "suites=[{name: x, role: ood, file: a}]", "name=[/x]", "seeds=!!a b"),
)


def hostile_argument(rng: random.Random) -> str:
    """An argument that somebody might give, by mistake or by malice."""
    return rng.choice(ARGUMENTS)


def mutate(content: bytes, rng: random.Random) -> bytes:
    """The content of a file after a change or two, seldom more."""
    for _ in range(rng.choice((1, 1, 1, 1, 2, 3))):
        content = rng.choice(CHANGES)(content, rng)
    return content


def spoil(path: Path, rng: random.Random) -> None:
    """Make of a file something else: none, a folder, a link to itself, empty, mutated."""
    kind = rng.choices(("mutate", "empty", "gone", "folder", "loop"), (90, 3, 3, 2, 2))[0]
    if kind == "mutate":
        path.write_bytes(mutate(path.read_bytes(), rng))
    elif kind == "empty":
        path.write_bytes(b"")
    else:
        path.unlink()
        if kind == "folder":
            path.mkdir()
        elif kind == "loop":
            path.symlink_to(path)


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _without(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content) + 1)
    return content[:start] + content[start + rng.randint(1, 40) :]


def _with_noise(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content) + 1)
    noise = rng.choice(
        (b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\x1b[31m", b"\r", rng.randbytes(3))
    )
    return content[:start] + noise + content[start:]


def _line_twice(content: bytes, rng: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if lines:
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"".join(lines)


def _one_value(content: bytes, rng: random.Random) -> bytes:
    """One value of one JSON row (or of the JSON document), of whatever depth, is another."""
    try:
        rows = [json.loads(content)]
        ends = b""
    except ValueError:
        try:
            rows = [json.loads(line) for line in content.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return _yaml_value(content, rng)
        ends = b"\n"
    except RecursionError:
        return content
    if not rows:
        return content
    place = rng.randrange(len(rows))
    marked = json.dumps(_replaced(rows[place], rng))
    if rng.random() < 0.2:
        marked = marked.replace('"\\u0001"', rng.choice(RAW))
    texts = [json.dumps(row) for row in rows]
    texts[place] = marked
    return "\n".join(texts).encode("utf-8", "surrogatepass") + ends


def _replaced(value: Any, rng: random.Random) -> Any:
    """The value with one part of it replaced, added or dropped."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(sorted(value))
        chance = rng.random()
        if chance < 0.12:
            return {name: each for name, each in value.items() if name != key}
        if chance < 0.2:
            return value | {rng.choice(NAMES): rng.choice(VALUES)}
        return value | {key: _replaced(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        place = rng.randrange(len(value))
        return [*value[:place], _replaced(value[place], rng), *value[place + 1 :]]
    return rng.choice((*VALUES, "\x01", "\x01", "\x01"))


def _yaml_value(content: bytes, rng: random.Random) -> bytes:
    """What stands behind one colon of a text is something else."""
    lines = content.splitlines()
    places = [i for i, line in enumerate(lines) if b": " in line]
    if not places:
        return content
    place = rng.choice(places)
    key = lines[place].split(b": ")[0]
    value = rng.choice(
        (*RAW, *(json.dumps(value) for value in VALUES), ".inf", ".nan", "~", "[/x]")
    )
    lines[place] = key + b": " + value.encode("utf-8", "surrogatepass")
    return b"\n".join(lines) + b"\n"


Change = Callable[[bytes, random.Random], bytes]
# Values are changed most: what decodes gets further than what does not.
CHANGES: tuple[Change, ...] = (
    *[_one_value] * 6,
    *(_cut, _without, _with_noise, _line_twice, _yaml_value),
)
