"""Teacher completions made into CoT records: rationale and answer apart, right and wrong told.

A row becomes a record when a cue separates a rationale from an answer; the rationale ends before
the first cue, so that a cascade's first stage never announces an answer. Of a completion that
thinks first, the thought is the rationale, whole and without its tags, and the answer is looked for
behind it: after a cue, else an answer and nothing else. Every row that does not is
listed with its reason, and each record's split is fixed by the whole file, listed rows included,
so that the test split of BIG-Bench Hard is the same 1,304 items whatever the teacher wrote. Where
test questions of its own come with a set, they are the test split: what else would fall into it
trains, and rows that ask one of them are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tasks.errors import UserError
from tasks.problem import AnswerType
from tasks.records.clusters import own_cluster, question_clusters
from tasks.records.completions import (
    FILES,
    Completion,
    answer_types,
    read_completions,
    read_test_questions,
)
from tasks.records.record import CoTRecord
from tasks.records.rescore import score_completion
from tasks.records.splits import (
    SPLIT_NAMES,
    SplitName,
    cluster_overlap,
    is_whole_bbh,
    split_clusters,
    split_ids,
)
from tasks.scoring.answer_text import first_line, unquoted
from tasks.scoring.choices import check_gold
from tasks.scoring.cues import Split, split_at_cue
from tasks.scoring.option_list import split_options
from tasks.scoring.score import Score


@dataclass(slots=True)
class TaskCounts:
    """What became of a task's rows: records, or left out for one of the reasons at the end.

    records = correct + wrong; `unreadable` of the wrong ones hold no single answer, and
    `repeated_cues` counts records whose completion announces an answer more than once.
    """

    rows: int = 0
    records: int = 0
    correct: int = 0
    wrong: int = 0
    unreadable: int = 0
    repeated_cues: int = 0
    no_cue: int = 0
    no_answer: int = 0
    empty_rationale: int = 0
    unfinished_thought: int = 0
    in_test_set: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that gave no record; `reason` is one of TaskCounts' last five fields."""

    id: str
    where: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Counts by task, rows left out, items and records by split, and clusters that span splits."""

    tasks: dict[str, TaskCounts] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    items: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    cluster_overlap: dict[str, tuple[SplitName, ...]] = field(default_factory=dict)

    @property
    def total(self) -> TaskCounts:
        """The counts of all tasks together."""
        names = TaskCounts.__dataclass_fields__
        return TaskCounts(*(sum(getattr(c, name) for c in self.tasks.values()) for name in names))

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON types."""
        return asdict(self) | {"total": asdict(self.total)}


@dataclass(frozen=True, slots=True)
class Imported:
    """The records of each split, and the report."""

    records: dict[SplitName, list[CoTRecord]]
    report: ImportReport


def import_completions(
    source: Path,
    *,
    teacher: str,
    descriptions: Mapping[str, str] | None = None,
    clusters: Mapping[str, str] | None = None,
    keep_clusters: bool | None = None,
    patterns: Sequence[str] | None = None,
) -> Imported:
    """Read teacher completions into records, split into train, dev and test.

    Of a directory, the files that fit any of the patterns (default: `FILES`). Rows need `question`
    beside what `read_completions` asks for. A row's own description and cluster go before
    `descriptions` (by task) and `clusters` (by id); an item without a cluster is
    its own, but for the stories of causal_judgement. Rows of a task whose questions are identical
    or nearly so are one cluster. The split is per task. With `keep_clusters` no cluster is cut;
    without, those that stand in two splits are reported. None keeps them, but for the whole of
    BIG-Bench Hard, which its papers split item by item.
    """
    completions, tests = (
        [
            completed(row, descriptions or {}, clusters or {})
            for row in read(source, patterns or FILES)
        ]
        for read in (read_completions, read_test_questions)
    )
    types = answer_types([*completions, *tests])
    named = question_clusters(
        [row.task for row in completions],
        [row.question for row in completions],
        [row.cluster for row in completions],
    )
    completions = [replace(row, cluster=name) for row, name in zip(completions, named, strict=True)]
    cluster_of = {row.id: row.cluster for row in completions}
    task_of = {row.id: row.task for row in completions}
    if keep_clusters is None:
        keep_clusters = not is_whole_bbh(task_of)
    splits = split_clusters(task_of, cluster_of) if keep_clusters else split_ids(task_of)
    tested = {row.wording for row in tests}
    has_tests = {row.task for row in tests}
    splits = {
        item: "train" if split == "test" and task_of[item] in has_tests else split
        for item, split in splits.items()
    }
    report = ImportReport(
        items={name: sum(split == name for split in splits.values()) for name in SPLIT_NAMES},
        cluster_overlap=cluster_overlap(splits, cluster_of),
    )
    report.items["test"] += len(tests)
    records: dict[SplitName, list[CoTRecord]] = {name: [] for name in SPLIT_NAMES}
    for row in completions:
        is_tested = row.wording in tested
        record = record_of(row, types[row.task], teacher, report, in_test_set=is_tested)
        if record:
            records[splits[row.id]].append(record)
    records["test"] += [_test_record(row) for row in tests]
    report.records = {name: len(records[name]) for name in SPLIT_NAMES}
    return Imported(records, report)


def read_chains(source: Path, *, teacher: str) -> tuple[list[CoTRecord], int]:
    """The records of all completions, split by nothing, and how many completions gave none."""
    completions = [completed(row, {}, {}) for row in read_completions(source)]
    types, report = answer_types(completions), ImportReport()
    records = [record_of(row, types[row.task], teacher, report) for row in completions]
    return [record for record in records if record], len(report.left_out)


def completed(
    row: Completion, descriptions: Mapping[str, str], clusters: Mapping[str, str]
) -> Completion:
    """The row with question checked, and description, cluster and options filled in."""
    if not row.question.strip():
        raise UserError(f"{row.where}: missing field 'question'")
    try:
        for gold in row.target:
            check_gold(gold, row.question, row.options)
    except ValueError as error:
        raise UserError(f"{row.where}: {error}") from None
    _, labelled = split_options(row.question)
    options = tuple(text for _, text in labelled)
    gold_is_shown = set(row.target) <= {label for label, _ in labelled}
    own = own_cluster(row.id, row.task, row.question)
    return replace(
        row,
        description=row.description or descriptions.get(row.task, ""),
        cluster=row.cluster or clusters.get(row.id) or own,
        options=row.options or (options if gold_is_shown else ()),
    )


def record_of(
    row: Completion,
    answer_type: AnswerType,
    teacher: str,
    report: ImportReport,
    *,
    in_test_set: bool = False,
) -> CoTRecord | None:
    """The row's record, counted in the report; None where it holds no rationale or no answer."""
    counts = report.tasks.setdefault(row.task, TaskCounts())
    counts.rows += 1
    split = split_at_cue(row.completion)
    result = score_completion(row, answer_type, "strict")
    answer = _stated_answer(split, result)
    reason = "in_test_set" if in_test_set else _reason_to_leave_out(split, answer)
    if reason or answer is None:
        setattr(counts, reason, getattr(counts, reason) + 1)
        report.left_out.append(LeftOut(row.id, row.where, reason))
        return None
    counts.records += 1
    counts.correct += result.correct
    counts.wrong += not result.correct
    counts.unreadable += not result.parse_ok
    counts.repeated_cues += split.cues_found > 1
    return CoTRecord(
        id=row.id,
        task=row.task,
        description=row.description,
        question=row.question,
        answer=row.target[0],
        rationale=split.opening,
        teacher=teacher,
        teacher_answer=unquoted(first_line(answer)),
        teacher_correct=result.correct,
        cluster=row.cluster,
        answer_type=row.answer_type,
        options=row.options,
    )


def _test_record(row: Completion) -> CoTRecord:
    """A test question as a record without a rationale."""
    return CoTRecord(
        id=row.id,
        task=row.task,
        description=row.description,
        question=row.question,
        answer=row.target[0],
        rationale="",
        teacher="",
        teacher_answer=row.target[0],
        teacher_correct=True,
        cluster=row.cluster or row.id,
        answer_type=row.answer_type,
        options=row.options,
    )


def _stated_answer(split: Split, result: Score) -> str | None:
    """What the cue announces or, of a completion that has thought, an answer and nothing else."""
    answers_bare = split.answer is None and split.answer_start is not None and result.parse_ok
    return split.uncued if answers_bare else split.answer


def _reason_to_leave_out(split: Split, answer: str | None) -> str:
    if split.unfinished_thought:
        return "unfinished_thought"
    if answer is None:
        return "no_cue"
    if not unquoted(answer):
        return "no_answer"
    return "" if split.opening else "empty_rationale"
