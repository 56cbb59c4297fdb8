"""HTML pages: each room's own templates beside those that all share, everything put into them escaped."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def environment(room: str) -> Environment:
    """The templates of a room (a package with a folder `templates`) and the shared ones."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(room), PackageLoader("reports.rendering")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
