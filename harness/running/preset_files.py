"""Experiments that come with the package, as files."""

from __future__ import annotations

from importlib.resources import files

FOLDER = files("harness.running") / "presets"


def preset_names() -> list[str]:
    """Their names, sorted."""
    return sorted(
        entry.name.removesuffix(".yaml")
        for entry in FOLDER.iterdir()
        if entry.name.endswith(".yaml")
    )


def preset_text(name: str) -> str:
    """One of them as YAML."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
