"""`cascod evaluate`: one checkpoint on suites or on record files."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from harness.arguments import directory, positive
from tasks.visible import visible

NAME = "evaluate"
HELP = "evaluate checkpoints on suites or on your own records"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    parser.add_argument(
        "checkpoints", metavar="CHECKPOINT", nargs="+", help="directory or hub id of a student"
    )
    parser.add_argument(
        "--suite",
        action="append",
        required=True,
        metavar="NAME|FILE.jsonl",
        help="a suite (see `cascod tasks`) or a file of records; may be given several times",
    )
    parser.add_argument(
        "--data", type=directory, help="directory of the benchmark data (default: $CASCOD_DATA)"
    )
    parser.add_argument(
        "--limit", type=positive, help="so many items of each task, the same ones every time"
    )
    parser.add_argument(
        "--train",
        type=Path,
        metavar="FILE",
        help="the records that the student was trained on, to see that no suite asks them "
        "(default: those of the run directory that it lies in)",
    )
    parser.add_argument(
        "--allow-overlap",
        action="store_true",
        help="evaluate though suites ask questions that were trained on",
    )
    parser.add_argument("--method", help="how to ask a student that carries no protocol")
    parser.add_argument(
        "--layout",
        choices=("plain", "chat"),
        help="with --method: ask in plain text (default) or in the student's chat template",
    )
    parser.add_argument(
        "--thinking",
        action="store_true",
        help="with --layout chat: the rationale between the template's think tags",
    )
    parser.add_argument(
        "--rule",
        choices=("strict", "reference", "exact"),
        default="strict",
        help="what counts as right: see `cascod score --help` (default: strict)",
    )
    parser.add_argument(
        "--max-rationale-tokens",
        type=positive,
        help="default: the limit the student was trained for, else 512 or what fits its context",
    )
    parser.add_argument(
        "--max-answer-tokens",
        type=positive,
        help="default: the limit the student was trained for, else 32",
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "bfloat16"),
        default="float32",
        help="of the student's weights (default: float32)",
    )
    parser.add_argument(
        "--batch-size", type=positive, default=32, help="requests decoded at a time (default: 32)"
    )
    parser.add_argument("--device", help="cpu, cuda, ...; default: cuda where there is one")
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="have a server answer, e.g. base_url=http://localhost:8000/v1, or "
        "'command=vllm serve {checkpoint} --port {port}' to start one; further settings as in an "
        "experiment's decoding.server",
    )
    parser.add_argument(
        "--gate",
        metavar="PLAN",
        type=Path,
        help="ask one CHECKPOINT in the order of a plan (`cascod gate --plan-new`), look as "
        "planned, and stop as soon as it is decided; the exit status is the gate's",
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="where results go, of several checkpoints a folder each; default: CHECKPOINT/eval",
    )


def run(args: argparse.Namespace) -> int:
    """Evaluate one checkpoint after the other; with --gate the status is the gate's."""
    from harness.evaluation.out_folders import out_folders

    status = 0
    folders = out_folders(args.checkpoints, args.out)
    for checkpoint, folder in zip(args.checkpoints, folders, strict=True):
        if len(folders) > 1:
            print(visible(checkpoint))
        own = vars(args) | {"checkpoint": checkpoint, "out": folder}
        status = _evaluate(argparse.Namespace(**own))
    return status


def _evaluate(args: argparse.Namespace) -> int:
    """Evaluate, print each suite's accuracy with the share of unparsed answers, and what is
    without the forced ones where there are any. Returns the exit status.
    """
    from harness.engines.server_settings import server_of
    from harness.evaluation.asked_student import kept_in
    from harness.evaluation.decoding_limits import decoding_limits
    from harness.evaluation.evaluate import evaluate, load_zero_shot, requests_for
    from harness.evaluation.evaluation_suites import suite_from_argument
    from harness.evaluation.layout_choice import layout_line, protocol_by_hand
    from harness.evaluation.open_student import open_student
    from harness.running.refuse_overlap import check_checkpoint

    suites = [suite_from_argument(argument, args.limit) for argument in args.suite]
    out_dir: Path = args.out
    protocol = protocol_by_hand(args.method, args.layout, args.thinking)
    server = server_of(args.server)
    task_metadata = {"data": str(args.data)} if args.data else {}
    overlaps = check_checkpoint(
        Path(args.checkpoint),
        args.train,
        suites,
        task_metadata,
        allow=args.allow_overlap,
        folder=out_dir,
    )
    for found in overlaps or ():
        print(f"overlap: {visible(str(found))}")
    opened = open_student(
        args.checkpoint,
        protocol=protocol,
        precision=args.precision,
        device=args.device,
        server=server,
        log=out_dir / "server.log",
    )
    facts = opened.facts
    with closing(opened):
        if facts.notice:
            print(visible(facts.notice))
        chosen_by = "as --layout says" if args.layout else "the default"
        why = chosen_by if args.method else "as its protocol says"
        if line := layout_line(facts.protocol, facts.tokenizer, why):
            print(visible(line))
        if facts.protocol.data_fingerprint and overlaps is None:
            print(
                "overlap: not checked, the training records are not known; name them with --train",
                file=sys.stderr,
            )
        limits = decoding_limits(
            facts,
            args.max_rationale_tokens,
            args.max_answer_tokens,
            lambda: requests_for(load_zero_shot(suites, task_metadata)),
        )
        if limits.shrunk:
            print(
                "no limits are known for this student: rationales of "
                f"{limits.max_rationale_tokens} tokens at most, so that all prompts fit its "
                f"context of {facts.context}"
            )
        student = kept_in(opened, out_dir / "responses.jsonl")
        how: dict[str, Any] = {
            "settings": limits.settings(precision=args.precision, batch_size=args.batch_size),
            "out_dir": out_dir,
            "run_info": {
                "student": args.checkpoint,
                "method": facts.protocol.method,
                "seed": None,
                "notice": facts.notice,
                "data_fingerprint": facts.protocol.data_fingerprint,
            },
            "rule": args.rule,
            "task_metadata": task_metadata,
            "progress": _show if sys.stderr.isatty() else None,
        }
        status = 0
        if args.gate is None:
            result = evaluate(student, suites, **how)
        else:
            from harness.gating.evaluated import evaluate_by_plan

            result, status = evaluate_by_plan(args.gate, student, suites, **how)
            print()
    width = max(len("suite"), *(len(score.suite) for score in result.scores))
    print(f"{'suite':<{width}}  accuracy  constant  unparsed  items")
    for score in result.scores:
        print(
            f"{score.suite:<{width}}  {score.accuracy:>8.1%}  {score.constant_accuracy:>8.1%}"
            f"  {score.unparsed:>8.1%}  {score.items:>5}"
        )
    for score in result.scores:
        if score.forced:
            print(
                f"{score.suite}: {score.accuracy:.1%} with forced answers, "
                f"{score.accuracy_as_written:.1%} as written; {score.cut:.1%} were cut off, "
                f"{score.forced:.1%} before they answered"
            )
    for score in result.scores:
        if score.accuracy <= score.constant_accuracy:
            print(
                f"{score.suite}: no better than a constant answer, which scores "
                f"{score.constant_accuracy:.1%} (the commonest answer of each task)"
            )
    print(f"written to {visible(str(out_dir))}")
    return status


def _show(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"\r{done} of {total} answered", end=end, file=sys.stderr, flush=True)
