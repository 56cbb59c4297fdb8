"""A comparison's files, in the forms that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from reports.comparing.compared import Compared
from reports.comparing.render_compared import (
    compared_html,
    compared_latex,
    compared_markdown,
)
from reports.rendering.as_json import to_json
from tasks.files import write_whole

RENDERERS = {
    "json": to_json,
    "md": compared_markdown,
    "tex": compared_latex,
    "html": compared_html,
}


def write_compared(compared: Compared, files: Mapping[str, Path]) -> None:
    """Write the files, given by their form: json, md, tex or html."""
    for form, path in files.items():
        write_whole(path, RENDERERS[form](compared))
