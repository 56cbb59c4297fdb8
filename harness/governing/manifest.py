"""What a bundle holds: its first member, with the SHA-256 sum of every other one."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import pairwise
from pathlib import PurePosixPath

import msgspec

from tasks.visible import visible

SCHEMA = "cascod-bundle/1"
MANIFEST = "manifest.json"
# The manifest's own sum, as `sha256sum` writes it, and its signature where there is one.
SUM, SIGNATURE = f"{MANIFEST}.sha256", f"{MANIFEST}.sig"
OWN = (MANIFEST, SUM, SIGNATURE)
MOST_BYTES = 64 << 20


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the bundle, by its path in the run."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The run's name, whether a signature and training records and weights are in it, and its
    members by name.
    """

    run: str
    signed: bool
    records: bool
    weights: bool
    members: tuple[Member, ...]
    schema: str = SCHEMA

    def to_bytes(self) -> bytes:
        """As it stands in the bundle."""
        text = json.dumps(msgspec.to_builtins(self), indent=1, ensure_ascii=False, sort_keys=True)
        return (text + "\n").encode()


def parse_manifest(content: bytes) -> Manifest:
    """A manifest that can be trusted to name places inside a folder; ValueError says what is
    wrong with it.
    """
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(f"cannot be read ({error})") from None
    if manifest.schema != SCHEMA:
        raise ValueError(f"is of the schema {visible(manifest.schema)!r}, not {SCHEMA}")
    if not is_inside(manifest.run) or "/" in manifest.run:
        raise ValueError(f"names its run {visible(manifest.run)!r}, which is no name of a folder")
    names = [each.name for each in manifest.members]
    for name in names:
        if name in OWN:
            raise ValueError(f"names {name!r}, which is the bundle's own")
        if not is_inside(name):
            raise ValueError(f"names {visible(name)!r}, which does not stay inside of the bundle")
    if any(each.size < 0 for each in manifest.members):
        raise ValueError("has a size below 0")
    if repeated := next((b for a, b in pairwise(names) if a >= b), None):
        raise ValueError(f"names {visible(repeated)!r} twice, or not in order")
    if shared := next((name for name in names if _parents(name) & set(names)), None):
        raise ValueError(f"names {visible(shared)!r} inside of what is a file")
    return manifest


def is_inside(name: str) -> bool:
    """Whether a member's name is a plain relative path without a way up."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and "/".join(parts) == name
        and not name.startswith("/")
        and not any(part in (".", "..") for part in parts)
        and not any(character == "\\" or ord(character) < 32 for character in name)
    )


def _parents(name: str) -> set[str]:
    return {str(parent) for parent in PurePosixPath(name).parents}


def sum_line(content: bytes) -> bytes:
    """The manifest's sum as a line that `sha256sum --check` reads."""
    return f"{sha256(content).hexdigest()}  {MANIFEST}\n".encode()
