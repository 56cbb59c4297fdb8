"""A gate that remembers every checkpoint."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from harness.gating.printed import NARROW, print_note, print_sentences, status_of
from tasks.errors import UserError
from tasks.files import locked, write_whole
from tasks.visible import visible

if TYPE_CHECKING:
    from reports.gating.history import Build, History
    from reports.gating.night import Night
    from reports.logs.samples import Side


def gate_night(candidate: Side, args: argparse.Namespace) -> int:
    """Hold a checkpoint against the history and add it; one that is there already gets the same
    answer, and changes nothing.
    """
    from reports.gating.added import known, next_build
    from reports.gating.history_file import read_history

    # Whoever comes second waits, and is held against the first.
    with locked(args.history):
        if not args.history.exists():
            return _begin(candidate, args)
        history = read_history(args.history)
        _refuse_other_terms(history, args)
        there = known(history, candidate)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        build = there or next_build(history, candidate, date=now, commit=args.commit)
        return _judge(history, build, candidate, args, new=there is None)


def _begin(candidate: Side, args: argparse.Namespace) -> int:
    from reports.gating.added import next_build, with_build
    from reports.gating.history import History
    from reports.gating.history_file import write_history

    if args.margin is None:
        raise UserError(f"{args.history}: is begun here and needs --margin, e.g. --margin 0.02")
    empty = History(args.margin, args.answers, ())
    now = datetime.now(UTC).isoformat(timespec="seconds")
    first = next_build(empty, candidate, date=now, commit=args.commit)
    write_history(with_build(empty, first, None, "begins the history", anchor=True), args.history)
    _write_first(first, args)
    print(f"{visible(str(args.history))}: begun with {visible(candidate.name)}, which is build 1")
    print("and an anchor: all later builds are held against it")
    return 0


def _write_first(build: Build, args: argparse.Namespace) -> None:
    """The files of a night that decides nothing, which its job reads all the same."""
    from reports.gating.night_markdown import first_markdown
    from reports.gating.night_told import first_junit

    if args.junit is not None:
        write_whole(args.junit, first_junit(build))
    if args.md is not None:
        write_whole(args.md, first_markdown(build))


def _judge(
    history: History, build: Build, candidate: Side, args: argparse.Namespace, *, new: bool
) -> int:
    from reports.gating.added import before, made_anchor, with_build
    from reports.gating.history_file import write_history
    from reports.gating.night import judge
    from reports.gating.night_markdown import night_markdown
    from reports.gating.night_told import night_junit, why

    if build.number == 1:
        _write_first(build, args)
        print(f"{visible(build.name)} is build 1, which began the history")
        return 0
    night = judge(before(history, build), build)
    sentences = list(why(night, history.margin))
    if new:
        judged = with_build(history, build, night.outcome, " ".join(sentences), anchor=args.anchor)
        write_history(judged, args.history)
    elif args.anchor and build.accepted:
        write_history(made_anchor(history, build), args.history)
    if args.anchor and night.outcome == "FAIL":
        sentences.append("not made an anchor, since it failed.")
    if args.junit is not None:
        fails = args.inconclusive == "fail"
        write_whole(args.junit, night_junit(night, sentences, open_fails=fails))
    if args.md is not None:
        notes = (*candidate.notes, *candidate.warnings)
        write_whole(args.md, night_markdown(build, night, history.margin, sentences, notes))
    # The decision stands, whether or not somebody reads on.
    with suppress(BrokenPipeError):
        again = "" if new else ", which was there before"
        print(f"{'history':<10} {visible(str(args.history))}")
        print(f"{'candidate':<10} {visible(build.name)}: build {build.number}{again}")
        for note in (*candidate.notes, *candidate.warnings):
            print_note(note)
        _print(night, sentences)
    return status_of(night.outcome, args.inconclusive)


def _print(night: Night, sentences: list[str]) -> None:
    from reports.gating.night_told import held_table
    from reports.rendering.terminal import Terminal, print_table

    claim = night.held[0].decision.contrast.claim
    print(f"{'claim':<10} {claim}\n")
    print_table(held_table(night), Terminal(width=None if sys.stdout.isatty() else NARROW))
    print(night.outcome)
    print_sentences(sentences)


def _refuse_other_terms(history: History, args: argparse.Namespace) -> None:
    """UserError where the history was begun with others."""
    if args.margin not in (None, history.margin):
        raise UserError(
            f"{args.history}: was begun with --margin {history.margin:g}, which holds for all its "
            "builds; begin a new file for another margin"
        )
    if args.answers != history.answers:
        raise UserError(f"{args.history}: was begun with --answers {history.answers}")
