"""HTML pages: one set of templates, everything put into them escaped."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment() -> Environment:
    """The templates, with everything escaped that is put into them."""
    return Environment(
        loader=PackageLoader("reports.rendering", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
