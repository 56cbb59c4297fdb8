"""One form of a tar archive: the same members make the same bytes, and any other byte is seen.

Plain files alone, with fixed owner, mode and time (POSIX.1-2001, pax), nothing compressed:
compressors of two versions write different bytes. A reader is told which members to expect, so it
follows no name or link out of the archive.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from tasks.errors import UserError
from tasks.files import cannot_write

BLOCK = tarfile.BLOCKSIZE
CHUNK = 1 << 20
FOLDER = "bundle/"


class Damaged(Exception):
    """Bytes that are not those of the archive's one form; says where."""


def header(name: str, size: int) -> bytes:
    """The blocks before a member's content."""
    info = tarfile.TarInfo(FOLDER + name)
    info.size, info.mode, info.mtime = size, 0o644, 0
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def padding(size: int) -> bytes:
    """The zeros behind a member's content."""
    return bytes(-size % BLOCK)


def write_archive(path: Path, members: Iterable[tuple[str, int, bytes | Path]]) -> None:
    """Write the members (name, size, content) whole or not at all; UserError where it cannot be."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            for name, size, content in members:
                file.write(header(name, size))
                written = sum(file.write(chunk) for chunk in _chunks(content))
                if written != size:
                    raise UserError(f"{content!s}: changed while it was packed; pack it again")
                file.write(padding(size))
            file.write(bytes(2 * BLOCK))
            file.write(bytes(-file.tell() % tarfile.RECORDSIZE))
        part.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from None
    finally:
        with suppress(OSError):
            part.unlink()


def next_size(file: BinaryIO, name: str) -> int:
    """The size of the next member, which must have this name; nothing of it counts as read."""
    place = file.tell()
    found = file.read(BLOCK)
    file.seek(place)
    try:
        info = tarfile.TarInfo.frombuf(found, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        raise Damaged(f"{name}: no header of a bundle stands where it should") from None
    if info.name != FOLDER + name:
        raise Damaged(_instead(name, found))
    return int(info.size)


def member(file: BinaryIO, name: str, size: int) -> Iterator[bytes]:
    """The content of the next member in chunks; `Damaged` where anything else stands there."""
    expected = header(name, size)
    found = file.read(len(expected))
    if found != expected:
        raise Damaged(_instead(name, found))
    left = size
    while left:
        chunk = file.read(min(CHUNK, left))
        if not chunk:
            raise Damaged(f"{name}: is cut off")
        left -= len(chunk)
        yield chunk
    if file.read(len(padding(size))) != padding(size):
        raise Damaged(f"{name}: what fills the block behind it was changed")


def expect_end(file: BinaryIO) -> None:
    """`Damaged` where the rest of the file is not the end of an archive."""
    end = 2 * BLOCK + (-(file.tell() + 2 * BLOCK) % tarfile.RECORDSIZE)
    if file.read(end + 1) != bytes(end):
        raise Damaged("the end of the archive: was changed, cut off, or something follows it")


def _instead(name: str, found: bytes) -> str:
    with suppress(tarfile.HeaderError):
        info = tarfile.TarInfo.frombuf(found[:BLOCK], "utf-8", "surrogateescape")
        if not info.isfile() and info.type != tarfile.XHDTYPE:
            return f"{name}: a link, folder or device stands in its place"
        if info.isfile() and info.name != FOLDER + name:
            return f"{name}: another member stands in its place"
    return f"{name}: its header was changed"


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
