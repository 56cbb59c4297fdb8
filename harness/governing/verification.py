"""A bundle checked: every byte, its signature, and the figures of its report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from harness.governing.canonical_tar import Damaged, expect_end, member, next_size
from harness.governing.figures import Figures, recomputed_figures
from harness.governing.manifest import (
    MANIFEST,
    MOST_BYTES,
    SIGNATURE,
    SUM,
    Manifest,
    parse_manifest,
    sum_line,
)
from harness.governing.signature import is_signed_by, signer_of
from tasks.errors import UserError

# What no figure is made of is not written to the disk.
NOT_READ = {"checkpoint", "trainer", "figures"}
LONGEST_SIGNATURE = 1 << 16


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of a bundle.

    `faults` name what is not as it was packed. `signer` is None where nobody has signed. `figures`
    is None where the bytes are not to be trusted.
    """

    manifest: Manifest
    faults: tuple[str, ...]
    signer: str | None
    figures: Figures | None


def verify_bundle(path: Path, key: Path | None = None) -> Verified:
    """Check a bundle; with `key` its signature must be of that OpenSSH public key.

    UserError where it is no bundle, or one that could do harm.
    """
    try:
        with path.open("rb") as file, TemporaryDirectory() as folder:
            return _verified(file, key, Path(folder))
    except Damaged as damage:
        raise UserError(f"{path}: {damage}") from None
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


def _verified(file: BinaryIO, key: Path | None, folder: Path) -> Verified:
    content = _whole(file, MANIFEST, MOST_BYTES)
    if _whole(file, SUM, MOST_BYTES) != sum_line(content):
        raise Damaged(f"{MANIFEST} or {SUM}: was changed, the one is not the sum of the other")
    try:
        manifest = parse_manifest(content)
    except ValueError as error:
        raise Damaged(f"{MANIFEST}: {error}") from None
    signature = _whole(file, SIGNATURE, LONGEST_SIGNATURE) if manifest.signed else None
    signer, faults = _signer(content, signature, key)
    run = folder / manifest.run
    try:
        for name in _changed_members(file, manifest, run):
            faults.append(f"{name}: was changed, its sum is not the manifest's")
        expect_end(file)
    except Damaged as damage:
        faults.append(str(damage))
    return Verified(manifest, tuple(faults), signer, None if faults else _figures(run))


def _figures(run: Path) -> Figures:
    """The run's figures; `Damaged` where no report can be made of what the bundle holds."""
    try:
        return recomputed_figures(run)
    except UserError as error:
        why = str(error).replace(f"{run.parent}/", "")
    except RecursionError:
        why = "nested too deeply"
    raise Damaged(f"no report can be made of it ({why})")


def _signer(
    content: bytes, signature: bytes | None, key: Path | None
) -> tuple[str | None, list[str]]:
    """Whose signature it is, and what is wrong with it."""
    if signature is None:
        return None, [f"{SIGNATURE}: there is none, and {key} was to have signed"] if key else []
    try:
        signer = signer_of(content, signature)
    except ValueError as error:
        return None, [f"{SIGNATURE}: {error}"]
    if key and not is_signed_by(content, signature, key):
        return signer, [f"{SIGNATURE}: is not of {key} but of {signer}"]
    return signer, []


def _whole(file: BinaryIO, name: str, most: int) -> bytes:
    if (size := next_size(file, name)) > most:
        raise Damaged(f"{name}: {size} bytes are too many")
    return b"".join(member(file, name, size))


def _changed_members(file: BinaryIO, manifest: Manifest, run: Path) -> Iterator[str]:
    """Copy the members to where figures are made of them; the names of those that were changed."""
    for each in manifest.members:
        digest = sha256()
        with _copy(run, each.name) as copy:
            for chunk in member(file, each.name, each.size):
                digest.update(chunk)
                copy.write(chunk)
        if digest.hexdigest() != each.sha256:
            yield each.name


def _copy(run: Path, name: str) -> BinaryIO:
    """The file to copy a member to; nowhere, where no figure is made of it."""
    if NOT_READ & set(name.split("/")):
        return open(os.devnull, "wb")
    path = run / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb")
