"""HTML pages: each room's templates beside the common ones, everything put into them escaped."""

from __future__ import annotations

from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from tasks.visible import visible_lines


def environment(room: str) -> Environment:
    """The templates of a room (a package with a folder `templates`) and the shared ones."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(room), PackageLoader("reports.rendering")]),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _visible(value: Any) -> Any:
    """Names and texts with what hides in them spelt out; markup and numbers as they are."""
    return visible_lines(value) if type(value) is str else value
