"""The suites one can evaluate on, by name."""

from __future__ import annotations

from dataclasses import dataclass
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
        return f"cascod_{self.name}"


SUITES = (
    Suite("embedded", "ind", False, "generated questions of the training families"),
    Suite("longer", "ood", False, "the same families, longer than any trained"),
    Suite("reworded", "ood", False, "the same families in unseen wording"),
    Suite("transfer", "ood", False, "unseen families that need the same skills"),
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
)


def suite(name: str) -> Suite:
    """The suite of that name; UserError lists the known ones and the nearest match."""
    by_name = {known.name: known for known in SUITES}
    if name in by_name:
        return by_name[name]
    nearest = get_close_matches(name, by_name, n=1)
    hint = f"did you mean {nearest[0]!r}? " if nearest else ""
    raise UserError(f"unknown suite {name!r}; {hint}Known suites: {', '.join(by_name)}")


def include_path() -> Path:
    """The directory that lm-eval's --include_path wants: the one that holds `ind/` and `ood/`."""
    return Path(__file__).resolve().parent
