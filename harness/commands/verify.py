"""`cascod verify BUNDLE`: every byte as it was packed, and the report what its samples give?"""

from __future__ import annotations

import argparse
from pathlib import Path

from tasks.visible import visible

NAME = "verify"
HELP = "check a bundle: its sums, its signature, and the figures of its report"
NAMED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("bundle", type=Path, help="a file that `cascod bundle` wrote")
    parser.add_argument(
        "--key",
        metavar="FILE",
        type=Path,
        help="the OpenSSH public key that must have signed it, e.g. id_ed25519.pub",
    )


def run(args: argparse.Namespace) -> int:
    """Print what was found; the exit status is 1 where anything is not as it should be."""
    from harness.governing.verification import verify_bundle

    found = verify_bundle(args.bundle, args.key)
    files, figures = len(found.manifest.members), found.figures
    for fault in found.faults:
        print(f"CHANGED {visible(fault)}")
    if not found.faults:
        print(f"bytes: all {files} files are as they were packed")
    if found.signer:
        whose = f"as {args.key}" if args.key else "whose key that is was not asked (--key)"
        print(f"signature: {visible(found.signer)}, {visible(whose)}")
    elif not found.manifest.signed:
        print("signature: none; whoever could change the file could change its sums as well")
    if figures is None:
        return 1
    for line in figures.left_out:
        print(f"not made again: {visible(line)}")
    for line in figures.differing[:NAMED]:
        print(f"DIFFERS {visible(line)}")
    print(
        f"report: {figures.same:,} figures and texts are what the samples give, "
        f"{len(figures.differing)} differ"
    )
    return 1 if figures.differing else 0
