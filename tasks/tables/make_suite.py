"""A table made into a suite of one's own, and what was made of it, in lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from tasks.errors import UserError
from tasks.problem import Problem, Role, question_prompt
from tasks.records.record import record_problems
from tasks.tables.columns import Columns, columns_of
from tasks.tables.own_suite import OwnSuite, check_name, own_task, write_own_suite
from tasks.tables.questions import DESCRIPTION, questions
from tasks.tables.read_table import read_table
from tasks.visible import visible, visible_lines


@dataclass(frozen=True, slots=True)
class MadeSuite:
    """A suite on disk with its items, the columns that they come from and those left aside."""

    name: str
    role: Role
    suite: OwnSuite
    problems: tuple[Problem, ...]
    columns: Columns
    unused: tuple[str, ...]


def make_suite(
    source: str,
    folder: Path,
    name: str,
    role: Role,
    said: Mapping[str, str],
    *,
    description: str | None = None,
    config: str | None = None,
    split: str = "test",
) -> MadeSuite:
    """Read a file or a hub data set (its `config` and `split`) and write the suite into `folder`.

    `said` are columns by part where their names do not tell. UserError for whatever is wrong with
    the table or the name, and where the suite would overwrite its own source or another file.
    """
    check_name(name)
    written = folder / f"{name}.jsonl"
    if written.exists() and Path(source).exists() and written.samefile(source):
        raise UserError(f"{source}: the suite would overwrite it; give another name or folder")
    if written.exists() and not written.with_suffix(".yaml").exists():
        raise UserError(
            f"{written}: is there and was not made by this command; give another name or folder"
        )
    table = read_table(source, config=config, split=split)
    columns = columns_of(table.columns, said, source)
    records = questions(table, columns, name, description or DESCRIPTION)
    suite = write_own_suite(folder, name, role, records)
    parts = (part if isinstance(part, tuple) else (part,) for part in astuple(columns))
    used = {column for part in parts for column in part}
    unused = tuple(column for column in table.columns if column not in used)
    return MadeSuite(name, role, suite, tuple(record_problems(records)), columns, unused)


def in_lines(made: MadeSuite) -> Iterator[str]:
    """What was made of the columns, the first question as it will be asked, and how to ask."""
    unused = f" (unused: {visible(', '.join(made.unused))})" if made.unused else ""
    yield f"columns: {visible(str(made.columns))}{unused}"
    types = Counter(problem.answer_type for problem in made.problems)
    clusters = len({problem.cluster for problem in made.problems})
    told = ", ".join(f"{count} {name}" for name, count in types.most_common())
    yield f"answers: {told}; clusters: {clusters}"
    first = made.problems[0]
    yield "the first one, as it is asked:\n"
    yield visible_lines(question_prompt(first.description, first.question)) + "\n"
    yield f"gold: {visible(first.golds[0])}\n"
    place, task = visible(str(made.suite.records)), visible(str(made.suite.task_file))
    yield f"{place}: {len(made.problems)} questions; {task}: lm-eval's task"
    yield f"evaluate:   cascod evaluate CHECKPOINT [MORE ...] --suite {place}"
    yield f"experiment: suites: [{{name: {made.name}, role: {made.role}, file: {place}}}]"
    folder = visible(str(made.suite.records.parent))
    yield f"lm-eval:    lm_eval run --tasks {own_task(made.name)} --include_path {folder} ..."
