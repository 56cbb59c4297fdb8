"""A suite of one's own on disk: its records, and the lm-eval task that asks them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from tasks.errors import UserError
from tasks.files import read_text, write_whole
from tasks.problem import Role
from tasks.records.record import CoTRecord, write_records
from tasks.suites import SUITES

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]*")
TASK = """\
# {questions} questions: lm_eval run --tasks {task} --include_path (the folder of this file)
task: {task}
output_type: generate_until
custom_dataset: !function tasks.lm_eval_docs.file_docs
dataset_kwargs: {source}
test_split: test
doc_to_text: !function tasks.lm_eval_docs.doc_to_text
doc_to_target: !function tasks.lm_eval_docs.doc_to_target
process_results: !function tasks.lm_eval_docs.process_results
metric_list:
  - {{metric: acc, aggregation: mean, higher_is_better: true}}
  - {{metric: parse_ok, aggregation: mean, higher_is_better: true}}
generation_kwargs: {{until: ["\\n\\nQ:"], do_sample: false, max_gen_toks: 512}}
metadata: {{version: 1.0}}
"""
_ROLE = re.compile(r"^dataset_kwargs: .*\brole: (ind|ood)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OwnSuite:
    """The two files of a suite: its records, and beside them the lm-eval task by its role."""

    records: Path

    @property
    def task_file(self) -> Path:
        """The lm-eval task; an absolute path in it names the records."""
        return self.records.with_suffix(".yaml")

    @property
    def role(self) -> Role:
        """In-domain where the task beside the records says so, else out-of-domain."""
        found = _ROLE.search(read_text(self.task_file)) if self.task_file.is_file() else None
        return "ind" if found and found[1] == "ind" else "ood"


def own_task(name: str) -> str:
    """The lm-eval task of a team's own suite, whoever asks it."""
    return f"cascod_file_{name}"


def write_own_suite(folder: Path, name: str, role: Role, records: Sequence[CoTRecord]) -> OwnSuite:
    """Write the records of a suite and its lm-eval task; UserError for a name that cannot be."""
    check_name(name)
    suite = OwnSuite(folder / f"{name}.jsonl")
    source = {"path": str(suite.records.resolve()), "suite": name, "role": role}
    inline = yaml.safe_dump(source, default_flow_style=True, width=10**6, allow_unicode=True)
    write_records(suite.records, records)
    task = TASK.format(questions=len(records), task=own_task(name), source=inline.strip())
    write_whole(suite.task_file, task)
    return suite


def check_name(name: str) -> None:
    """UserError for a name that a suite of one's own cannot have."""
    if not NAME.fullmatch(name):
        raise UserError(f"--name {name!r}: use letters, digits, _, + and -")
    if name in {known.name for known in SUITES}:
        raise UserError(f"--name {name}: there is a suite of that name; choose another")
