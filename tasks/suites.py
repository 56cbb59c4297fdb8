"""The suites one can evaluate on, by name.

`bbh:navigate` is one task of a suite, `longer:+1` a grade of a generated one, with questions of its
own, `reasoning_gym:chain_sum,min_terms=4` a data set of that package with settings of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from tasks.errors import UserError
from tasks.problem import Role


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite: its name, its role, whether it reads benchmark data, and what it asks."""

    name: str
    role: Role
    needs_data: bool
    summary: str

    @property
    def lm_eval_name(self) -> str:
        """The lm-eval group or task that it is; the prefix keeps it apart from lm-eval's own."""
        return "cascod_" + re.sub(r"\W+", "_", self.name).strip("_")

    @property
    def drawn_from(self) -> tuple[str, str] | None:
        """The data set of reasoning_gym that it asks, and its settings; None for other suites."""
        base, _, part = self.name.partition(":")
        name, _, settings = part.partition(",")
        return (name, settings) if base == REASONING_GYM else None


REASONING_GYM = "reasoning_gym"

SUITES = (
    Suite("embedded", "ind", False, "generated questions of the training families"),
    Suite("longer", "ood", False, "the same families, longer than any trained; longer:+1 to +4"),
    Suite("reworded", "ood", False, "the same families in unseen wording; reworded:mild"),
    Suite("transfer", "ood", False, "unseen families of the same skills; transfer:near"),
    Suite("decued", "ood", False, "the training hint no longer tells the answer"),
    Suite("bbh", "ind", True, "BIG-Bench Hard, the test fifth of 27 tasks"),
    Suite("mentor_kd", "ind", True, "Mentor-KD's test questions: six tasks with teachers' chains"),
    Suite("granularity", "ind", True, "StrategyQA, whose chains come at six levels of detail"),
    Suite("bb_sub", "ood", True, "60 other BIG-bench tasks, multiple choice"),
    Suite("agieval_en", "ood", True, "AGIEval, 8 English exams"),
    Suite("arc_easy", "ood", True, "ARC-Easy, grade-school science"),
    Suite("arc_challenge", "ood", True, "ARC-Challenge, the harder part"),
    Suite("bbeh", "ood", True, "BIG-Bench Extra Hard, harder successors of BBH's tasks"),
    Suite("bbeh_mini", "ood", True, "its official mini set"),
    Suite("mentor_kd_longer", "ood", True, "more objects and longer word lists than Mentor-KD's"),
    Suite("asdiv", "ood", True, "arithmetic word problems, for students of SVAMP alone"),
    Suite(REASONING_GYM, "ood", False, "any data set of that package: reasoning_gym:chain_sum"),
)


def suite(name: str) -> Suite:
    """The suite of that name, or the part of one that stands behind a colon; UserError lists what
    is known and the nearest match.
    """
    base, colon, part = name.partition(":")
    known = next((each for each in SUITES if each.name == base), None)
    if known is None:
        raise _unknown(f"suite {base!r}", base, [each.name for each in SUITES], "Known suites")
    if base == REASONING_GYM:
        if not part:
            raise UserError("suite 'reasoning_gym': name one of its data sets: reasoning_gym:NAME")
        return replace(known, name=name)
    if not colon:
        return known
    if part not in (parts := _parts(known)):
        raise _unknown(f"part {part!r} of suite {base!r}", part, parts, "Its parts")
    return replace(known, name=name)


def _parts(whole: Suite) -> list[str]:
    """The grades of a suite, each a folder, and its tasks, each a YAML file."""
    folder = include_path() / whole.role / whole.name
    grades = sorted(path.parent.name for path in folder.glob("*/cascod_*.yaml"))
    tasks = sorted(path.stem for path in folder.glob("[!_]*.yaml"))
    return [*grades, *(name for name in tasks if not name.startswith("cascod_"))]


def _unknown(what: str, name: str, known: list[str], called: str) -> UserError:
    nearest = get_close_matches(name, known, n=1)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    return UserError(f"unknown {what}; {hint}{called}: {', '.join(known) or 'none'}")


def include_path() -> Path:
    """The directory that lm-eval's --include_path wants: the one that holds `ind/` and `ood/`."""
    return Path(__file__).resolve().parent
