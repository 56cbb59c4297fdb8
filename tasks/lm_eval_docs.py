"""The functions that the lm-eval YAML files name: docs of each suite, prompt, target and
scoring.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.benchmarks.catalogue import BENCHMARKS
from tasks.data_source import local_data_dir, source_name
from tasks.docs import Docs, docs_of
from tasks.errors import UserError
from tasks.problem import Role, question_prompt
from tasks.records.record import read_records, record_problems
from tasks.scoring.score import score
from tasks.suites import suite

if TYPE_CHECKING:
    from tasks.procedural.axes import AxisName


def bbh(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The test items of one BIG-Bench Hard task."""
    return _benchmark_docs("bbh", task, data, limit)


def bb_sub(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The items of one BB-sub task."""
    return _benchmark_docs("bb_sub", task, data, limit)


def agieval_en(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The items of one English AGIEval exam."""
    return _benchmark_docs("agieval_en", task, data, limit)


def arc(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The test items of `arc_easy` or `arc_challenge`, each a suite of its own."""
    return _benchmark_docs(task, task, data, limit)


def mentor_kd(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The test questions of one Mentor-KD task."""
    return _benchmark_docs("mentor_kd", task, data, limit)


def mentor_kd_longer(
    task: str, data: str | None = None, limit: int | None = None, **_: Any
) -> Docs:
    """Longer questions than those of Mentor-KD."""
    return _benchmark_docs("mentor_kd_longer", task, data, limit)


def asdiv(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """ASDiv's test questions, as a suite of their own."""
    return _benchmark_docs("asdiv", task, data, limit)


def granularity(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The test questions of one task whose chains come at several levels of detail."""
    return _benchmark_docs("granularity", task, data, limit)


def bbeh(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The items of one BIG-Bench Extra Hard task."""
    return _benchmark_docs("bbeh", task, data, limit)


def bbeh_mini(task: str, data: str | None = None, limit: int | None = None, **_: Any) -> Docs:
    """The official mini set of BIG-Bench Extra Hard."""
    return _benchmark_docs("bbeh_mini", task, data, limit)


def embedded(
    axis: AxisName,
    family: str,
    seed: int = 0,
    per_family: int = 50,
    rho: float = 0.0,
    limit: int | None = None,
    **_: Any,
) -> Docs:
    """The generated items of one family on one axis (`ind` or one of the four OOD axes)."""
    from tasks.procedural.suite import family_problems

    name = "embedded" if axis == "ind" else axis
    chosen = family_problems(axis, family, seed=seed, per_family=per_family, rho=rho)
    return docs_of(chosen, name, suite(name).role, "generated", limit)


def reasoning_gym(
    dataset: str = "",
    settings: str = "",
    seed: int = 0,
    per_family: int = 50,
    limit: int | None = None,
    **_: Any,
) -> Docs:
    """Questions drawn by a data set of reasoning_gym, with settings of its own
    ("min_terms=4,max_terms=6").
    """
    from tasks.benchmarks.reasoning_gym_sets import set_problems

    if not dataset:
        raise UserError("suite 'reasoning_gym': name one of its data sets, such as chain_sum")
    chosen = set_problems(dataset, settings, seed, per_family)
    return docs_of(chosen, "reasoning_gym", "ood", "generated", limit)


def file_docs(path: str, suite: str, role: Role, limit: int | None = None, **_: Any) -> Docs:
    """The records of a team's own JSONL file as items to be asked."""
    return docs_of(record_problems(read_records(Path(path))), suite, role, "file", limit)


def doc_to_text(doc: Mapping[str, Any]) -> str:
    """The prompt q; a method's suffix is added by the model that decodes it."""
    return question_prompt(doc["description"], doc["question"])


def doc_to_target(doc: Mapping[str, Any]) -> str:
    """The first gold answer."""
    return str(doc["golds"][0])


def process_results(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, float]:
    """Accuracy (0 or 1) by the strict rule, and whether an answer could be read at all."""
    scored = score(
        results[0],
        doc["golds"],
        doc["answer_type"],
        task=doc["task"],
        options=doc["options"],
        rule="strict",
        verifier=doc.get("verifier", ""),
    )
    return {"acc": float(scored.correct), "parse_ok": float(scored.parse_ok)}


def _benchmark_docs(name: str, task: str, data: str | None, limit: int | None) -> Docs:
    source = local_data_dir(data)
    problems = BENCHMARKS[name].of_task(source, task)
    return docs_of(problems, name, suite(name).role, source_name(source), limit)
