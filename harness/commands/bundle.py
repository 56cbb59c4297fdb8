"""`cascod bundle RUN`: what supports a run's claim, in one file that others can check."""

from __future__ import annotations

import argparse
from pathlib import Path

from tasks.visible import visible

NAME = "bundle"
HELP = "pack what supports a run's claim into one file, with sums and, if you like, a signature"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run_dir", metavar="RUN", type=Path, help="a run directory with its report")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="e.g. claim.tar")
    parser.add_argument(
        "--key",
        metavar="FILE",
        type=Path,
        help="sign with this OpenSSH key, e.g. ~/.ssh/id_ed25519",
    )
    parser.add_argument(
        "--records",
        action="store_true",
        help="also the training records' text (by default their sums and cards alone)",
    )
    parser.add_argument("--weights", action="store_true", help="also the students' weights")


def run(args: argparse.Namespace) -> int:
    """Write the bundle."""
    from harness.governing.bundle import write_bundle

    manifest = write_bundle(
        args.run_dir, args.out, key=args.key, records=args.records, weights=args.weights
    )
    total = sum(member.size for member in manifest.members)
    print(
        f"{visible(str(args.out))}: {len(manifest.members)} files of {visible(manifest.run)}, "
        f"{total:,} bytes, {'signed' if manifest.signed else 'not signed'}; check it with "
        f"cascod verify {visible(str(args.out))}"
    )
    return 0
