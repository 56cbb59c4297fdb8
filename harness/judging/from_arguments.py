"""The judge that the arguments of `cascod quality` name."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from harness.collecting.ordered import key_from, limits_from, teacher_from
from harness.collecting.progress import Progress
from harness.collecting.prompts import read_prompt
from harness.judging.judge import Judge, Judged, judged
from tasks.records.record import CoTRecord


def ask_judge(args: argparse.Namespace, records: Sequence[CoTRecord]) -> Judged:
    """Its verdicts; UserError where an argument will not do, or as for `judged`."""
    model = teacher_from(args, args.judge)
    judge = Judge(
        model,
        read_prompt("judged", args.judge_prompt),
        limits_from(args),
        args.concurrency,
        args.timeout,
        args.retries,
    )
    return judged(judge, records, key_from(args, model), journal_of(args), Progress())


def journal_of(args: argparse.Namespace) -> Path:
    """Where requests and replies are kept: by default beside the records."""
    records: Path = args.file
    return args.journal or records.with_suffix(".judge.jsonl")
