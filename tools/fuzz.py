"""Every command on hostile files and arguments: `python -m tools.fuzz --count 20000 --seed 1`.

A finding is a traceback, an exit status that no command has, more than one line about a mistake,
output that a terminal would obey, or a case of more than 30 seconds. Case N of a seed is always the
same: `--only N` runs it alone and says everything.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.cli import main as cascod
from tasks.visible import visible, visible_lines
from tools.hostile import hostile_argument, mutate, spoil
from tools.material import write_material

STATUSES = {0, 1, 2, 3, 130}
LONGEST_CASE = 30  # seconds


@dataclass(frozen=True, slots=True)
class Target:
    """A command with valid arguments; `spoiled` are the files of it that may be changed.

    Globs; `options` may be added. `weight` is how often it is drawn. One that would load a student
    when all is well is `refused`: something of it is always spoiled so that it stops before.
    """

    arguments: tuple[str, ...]
    spoiled: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    weight: int = 10
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A case that went wrong: its number, command line and what was seen."""

    case: int
    arguments: tuple[str, ...]
    what: str


OUTPUTS = ("out.file", ".", "", "records.jsonl", "records.jsonl/x", "x" * 300, "old", "deep/er/out")
JOINING = ("--intersect", "--metric", "--filter", "--cluster", "--higher-is-better")
LOGS = ("old/*", "new/*")
NOBODY = "http://127.0.0.1:9/v1"  # nobody listens there
TARGETS = (
    Target(("data", "check", "records.jsonl"), ("records.jsonl",)),
    Target(
        ("data", "import", "completions.jsonl", "--out", "imported"),
        ("completions.jsonl",),
        ("--keep-clusters", "--teacher", "--descriptions"),
    ),
    Target(
        (
            "data",
            "import",
            "completions.jsonl",
            "--out",
            "o",
            "--descriptions",
            "descriptions.json",
        ),
        ("descriptions.json",),
    ),
    Target(
        ("data", "pair", "records.jsonl", "--rectified", "completions.jsonl", "--out", "pairs"),
        ("records.jsonl", "completions.jsonl"),
        ("--teacher",),
    ),
    Target(
        ("data", "generate", "--out", "made.jsonl", "--per-family", "1"),
        (),
        ("--seed", "--rho", "--noise"),
        weight=3,
    ),
    Target(
        ("data", "mark", "records.jsonl", "--licence", "mit", "--out", "marked.jsonl"),
        ("records.jsonl",),
        ("--access", "--keep-until", "--written"),
        weight=3,
    ),
    Target(
        ("data", "card", "records.jsonl", "--runs", "run"),
        ("records.jsonl", "run/data/*"),
        ("--out", "--names"),
    ),
    Target(("data", "redact", "records.jsonl", "--out", "masked.jsonl"), ("records.jsonl",)),
    Target(
        ("data", "forget", "records.jsonl", "--id", "r1", "--runs", "run"),
        ("records.jsonl", "run/data/*"),
        ("--teacher", "--expired", "--dry-run"),
    ),
    Target(
        ("bundle", "run", "--out", "claim.tar"),
        ("run/*", "run/*/*", "run/cells/*/*/*/*", "run/cells/*/*/*/eval/*"),
        ("--key", "--records", "--weights"),
        weight=4,
    ),
    Target(("verify", "bundle.tar"), ("bundle.tar",), ("--key",)),
    Target(
        ("collect", "records.jsonl", "--out", "chains", "--model", "m", "--base-url", NOBODY),
        ("records.jsonl",),
        ("--samples", "--temperature", "--budget", "--extra", "--prompt", "--examples"),
        weight=3,
    ),
    Target(("score", "completions.jsonl"), ("completions.jsonl",), ("--rule", "--json")),
    Target(("audit", "records.jsonl"), ("records.jsonl",), ("--top", "--json", "--md"), weight=4),
    Target(("quality", "records.jsonl"), ("records.jsonl",), ("--at-least", "--json"), weight=4),
    Target(
        ("review", "records.jsonl", "--agreement"), ("records.jsonl", "records.reviews/*"), weight=4
    ),
    Target(
        ("review", "records.jsonl", "--export", "reviewed.jsonl"),
        ("records.jsonl", "records.reviews/*"),
        weight=4,
    ),
    Target(
        ("compare", "old", "new"), LOGS, ("--flips", "--json", "--md", "--tex", "--html", *JOINING)
    ),
    Target(("rank", "old", "new"), LOGS, ("--json", "--tex", "--html", "--seed", *JOINING)),
    Target(
        ("gate", "old", "new", "--margin", "0.1", "--per-task", "0.1"),
        LOGS,
        ("--margin", "--claim", "--inconclusive", "--junit", "--save", *JOINING),
        weight=20,
    ),
    Target(("gate", "base.json.gz", "old", "--margin", "0.1", "--intersect"), ("base.json.gz",)),
    Target(("gate", "old", "--save", "base"), LOGS, JOINING),
    Target(
        ("gate", "old", "new", "--plan", "plan.json", "--look", "1/2"),
        ("plan.json", *LOGS),
        ("--look", "--plan", "--junit", "--inconclusive"),
    ),
    Target(
        ("gate", "old", "--plan-new", "made.json", "--margin", "0.1", "--looks", "2"),
        ("old/*",),
        ("--looks", "--seeds", "--order", "--plan-new", "--claim"),
        weight=4,
    ),
    Target(
        ("gate", "new", "--history", "nights.gz"),
        ("nights.gz", "new/*"),
        ("--commit", "--anchor", "--junit", "--history", "--margin"),
    ),
    Target(("history", "nights.gz"), ("nights.gz",), ("--last", "--html"), weight=4),
    Target(("power", "old", "new"), LOGS, ("--effect", "--power", "--level", "--gate", *JOINING)),
    Target(("report", "run"), ("run/*", "run/*/*", "run/cells/*/*/*/*", "run/cells/*/*/*/eval/*")),
    Target(("report", "run", "--published", "published"), ("published/*",), weight=1),
    Target(("published", "published", "--method", "cascod"), ("published/*",), weight=4),
    Target(("report", "sweep"), ("sweep/sweep.yaml",), weight=4),
    Target(
        ("suite", "new", "questions.csv", "--name", "made", "--map", "question=frage"),
        ("questions.csv",),
        ("--map", "--name", "--role", "--out", "--description"),
    ),
    Target(("suite", "new", "questions.json", "--name", "made"), ("questions.json",), weight=4),
    Target(
        ("suite", "check", "records.jsonl"),
        ("records.jsonl",),
        ("--against", "--json", "--html", "--seed-sd", "--discordant"),
        weight=4,
    ),
    Target(("tasks",), (), ("--path", "--data"), weight=1),
    Target(("simulate", "--scenario", "no such"), (), ("--replicates", "--seed"), 2, refused=True),
    Target(("bench", "--rounds", "0"), (), ("--student",), 2, refused=True),
    Target(
        ("run", "experiment.yaml", "--dry-run", "--out", "run2"),
        ("experiment.yaml", "records.jsonl"),
        ("--set", "--data"),
        weight=20,
    ),
    Target(
        ("sweep", "experiment.yaml", "--over", "training.epochs=1,2", "--dry-run"),
        ("experiment.yaml",),
        ("--over", "--set"),
    ),
    Target(
        ("evaluate", "student", "--suite", "records.jsonl"),
        ("student/*",),
        ("--limit", "--device", "--method", "--rule", "--out", "--batch-size"),
        weight=4,
        refused=True,
    ),
)


def fuzz(
    count: int, seed: int, *, start: int = 0, chosen: str = ""
) -> tuple[list[Finding], Counter[str]]:
    """Run so many cases; the findings, and how often each exit status was seen.

    `chosen` keeps to commands that start with it.
    """
    targets = [t for t in TARGETS if " ".join(t.arguments).startswith(chosen)]
    findings, statuses = [], Counter[str]()
    with _quiet_machine(), tempfile.TemporaryDirectory() as name:
        valid, work = Path(name) / "valid", Path(name) / "work"
        write_material(valid)
        for case in range(start, start + count):
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(valid, work)
            with contextlib.chdir(work):
                arguments = _prepared(random.Random(f"{seed}/{case}"), targets)
                status, what = _seen(arguments)
            statuses[status] += 1
            if what:
                findings.append(Finding(case, arguments, what))
    return findings, statuses


def _prepared(rng: random.Random, targets: list[Target]) -> tuple[str, ...]:
    """Spoil files of the current folder and return a command line."""
    target = rng.choices(targets, [each.weight for each in targets])[0]
    arguments = list(target.arguments)
    if target.spoiled and rng.random() < 0.85:
        for path in rng.sample(
            files := sorted(_files(target)), min(len(files), rng.choice((1, 1, 1, 2)))
        ):
            if path.suffix == ".gz":
                text = mutate(gzip.decompress(path.read_bytes()), rng)
                path.write_bytes(gzip.compress(text) if rng.random() < 0.9 else text)
            else:
                spoil(path, rng)
    for _ in range(rng.choice((0, 0, 0, 0, 1, 2))):
        if target.options:
            option = rng.choice(target.options)
            arguments.append(option)
            if rng.random() < 0.9:
                arguments.append(rng.choice((hostile_argument(rng), rng.choice(OUTPUTS))))
    if not target.refused and rng.random() < 0.04:
        arguments[rng.randrange(len(arguments))] = hostile_argument(rng)
    return tuple(arguments)


def _files(target: Target) -> Iterator[Path]:
    for pattern in target.spoiled:
        yield from (path for path in Path().glob(pattern) if path.is_file())


def _seen(arguments: tuple[str, ...]) -> tuple[str, str]:
    """The exit status as text, and what is wrong with the case, "" where nothing is."""
    # As Python opens them: strict, and with escapes.
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    status: object = None
    wrong = ""
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _alarm():
        try:
            status = cascod(arguments)
        except SystemExit as stop:
            status = stop.code
        except BaseException:
            wrong = f"raised: {traceback.format_exc()}"
    with contextlib.suppress(ValueError):
        out.flush()
    err.flush()
    said, errors = (stream.buffer.getvalue().decode() for stream in (out, err))
    return str(status), wrong or _wrong(status, said, errors)


def _wrong(status: object, said: str, errors: str) -> str:
    if status == 70:
        log = Path(errors.rpartition("traceback: ")[2].strip())
        return f"crashed: {log.read_text(errors='replace') if log.is_file() else errors}"
    if status not in STATUSES:
        return f"exit status {status}: {errors}"
    if "Traceback (most recent" in said + errors:
        return f"traceback: {said}{errors}"
    if status == 2 and not errors.startswith("usage: ") and errors.count("\n") != 1:
        return f"not one line: {errors[:2000]}"
    for text in (said, errors):
        if text != visible_lines(text) and not errors.startswith("usage: "):
            line = next(x for x in text.split("\n") if x != visible_lines(x))
            return f"hidden characters: {line[:500]!r}"
    return ""


@contextlib.contextmanager
def _alarm() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TimeoutError(f"more than {LONGEST_CASE} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST_CASE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _quiet_machine() -> Iterator[None]:
    """No network, no data of this machine, logs of crashes in a folder that goes."""
    wanted = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "COLUMNS": "80"}
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as logs, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ.update(wanted, CASCOD_LOG_DIR=logs)
        os.environ.pop("CASCOD_DATA", None)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _cause(finding: Finding) -> str:
    """The last line and the innermost place of ours of a finding: what several cases share."""
    lines = finding.what.strip().splitlines()
    ours = [x.strip() for x in lines if x.strip().startswith('File "') and "/tools/" not in x]
    here = [
        x for x in ours if any(f"/{p}/" in x for p in ("harness", "reports", "tasks", "trainers"))
    ]
    return f"{lines[-1][:160]} @ {(here or ours or [''])[-1][-90:]}"


def main() -> int:
    """Fuzz as the command line says; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--command", default="", help="only commands that start with this")
    parser.add_argument("--only", type=int, help="the number of one case")
    args = parser.parse_args()
    start, count = (0, args.count) if args.only is None else (args.only, 1)
    findings, statuses = fuzz(count, args.seed, start=start, chosen=args.command)
    causes: dict[str, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(_cause(finding), []).append(finding)
    show: Callable[[str], None] = lambda text: print(visible_lines(text))  # noqa: E731
    for cause, alike in sorted(causes.items(), key=lambda pair: -len(pair[1])):
        first = alike[0]
        command = " ".join(visible(argument)[:80] for argument in first.arguments)
        show(f"{len(alike)} x {cause}\n    case {first.case}: cascod {command}")
        if args.only is not None:
            show(first.what)
    told = ", ".join(f"{status}: {n}" for status, n in sorted(statuses.items()))
    show(f"{count} cases of seed {args.seed}, {len(findings)} findings; exit statuses {told}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
