"""A run's evidence in one file: what its claim rests on, each file with its sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import file_digest, sha256
from pathlib import Path

from harness.governing.canonical_tar import write_archive
from harness.governing.card import data_card, describe
from harness.governing.figures import recomputed_figures
from harness.governing.manifest import MANIFEST, OWN, SIGNATURE, SUM, Manifest, Member, sum_line
from harness.governing.signature import sign
from reports.logs.run_files import (
    CELLS,
    DEV_RECORDS,
    EXPERIMENT_FILE,
    REPEATED_CELLS,
    REPORT,
    TRAINING_RECORDS,
)
from tasks.errors import UserError

OF_RUN = ("*.json", EXPERIMENT_FILE, f"{REPORT}/*.*", f"{REPORT}/figures/*.*")
OF_CELL = ("*.json", "probed.jsonl", "eval/*.json*", "sampled/*/*.json*", "select/**/*.json")
# Chains of rounds, and replies by which a checkpoint was chosen, hold questions of records.
RECORDS = (
    TRAINING_RECORDS,
    DEV_RECORDS,
    *(
        f"{c}/*/*/*/{name}"
        for c in (CELLS, REPEATED_CELLS)
        for name in ("rounds/*/*.jsonl", "select/**/*.jsonl")
    ),
)
WEIGHTS = tuple(
    f"{c}/*/*/*/{w}/**/*" for c in (CELLS, REPEATED_CELLS) for w in ("checkpoint", "trainer")
)
CARDS = "cards"


def write_bundle(
    run: Path, out: Path, *, key: Path | None, records: bool, weights: bool
) -> Manifest:
    """Pack a reported run into `out`; the same run makes the same bytes.

    UserError where its report is not what its samples give, or anything cannot be read or written.
    """
    if not (run / EXPERIMENT_FILE).exists():
        raise UserError(f"{run}: not a run directory (no {EXPERIMENT_FILE})")
    if differing := recomputed_figures(run).differing:
        raise UserError(
            f"{run}: its report is not what its samples give ({differing[0]}; {len(differing)} in "
            f"all); make it again with cascod report {run}"
        )
    contents: dict[str, bytes | Path] = {**dict(_files(run, records, weights)), **dict(_cards(run))}
    contents = dict(sorted(contents.items()))
    members = tuple(Member(name, *_size_and_sum(content)) for name, content in contents.items())
    manifest = Manifest(
        run=run.resolve().name,
        signed=key is not None,
        records=records,
        weights=weights,
        members=members,
    )
    write_archive(out, _all(manifest, contents, key))
    return manifest


def _all(
    manifest: Manifest, contents: Mapping[str, bytes | Path], key: Path | None
) -> Iterator[tuple[str, int, bytes | Path]]:
    first = manifest.to_bytes()
    head = {MANIFEST: first, SUM: sum_line(first)} | ({SIGNATURE: sign(first, key)} if key else {})
    yield from ((name, len(content), content) for name, content in head.items())
    yield from ((each.name, each.size, contents[each.name]) for each in manifest.members)


def _files(run: Path, records: bool, weights: bool) -> Iterator[tuple[str, Path]]:
    patterns = [
        *OF_RUN,
        *(f"{c}/*/*/*/{name}" for c in (CELLS, REPEATED_CELLS) for name in OF_CELL),
    ]
    patterns += (RECORDS if records else ()) + (WEIGHTS if weights else ())
    for path in {path for pattern in patterns for path in run.glob(pattern) if path.is_file()}:
        if (name := path.relative_to(run).as_posix()) not in OWN:
            yield name, path


def _cards(run: Path) -> Iterator[tuple[str, bytes]]:
    """Cards of the records that trained and chose, which say their sums and hold none of them."""
    for file in (run / TRAINING_RECORDS, run / DEV_RECORDS):
        if file.is_file() and file.stat().st_size:
            yield f"{CARDS}/{file.stem}.md", data_card(describe(file)).encode()


def _size_and_sum(content: bytes | Path) -> tuple[int, str]:
    if isinstance(content, bytes):
        return len(content), sha256(content).hexdigest()
    with content.open("rb") as file:
        return content.stat().st_size, file_digest(file, "sha256").hexdigest()
