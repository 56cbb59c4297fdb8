"""`cascod collect` as the tests give it, and what it leaves."""

from __future__ import annotations

import json
from pathlib import Path

from harness.cli import main
from tasks.records.record import CoTRecord, parse_record


def collect(questions: Path, out: Path, url: str, teacher: Path, *options: str) -> int:
    where = ("--base-url", url, "--model", str(teacher), "--out", str(out))
    how = ("--max-tokens", "40", *(() if "--temperature" in options else ("--temperature", "0")))
    return main(["collect", str(questions), *where, *how, *options])


def records(out: Path, name: str = "records.jsonl") -> dict[str, CoTRecord]:
    text = (out / name).read_text()
    found = [parse_record(json.loads(line)) for line in text.splitlines()]
    return {record.id.removeprefix("counting/"): record for record in found}


def counts(out: Path, purpose: str = "first") -> dict[str, int]:
    report = json.loads((out / "collect_report.json").read_text())
    told = report["rounds"][purpose]["counts"]
    return {name: number for name, number in told.items() if number}
