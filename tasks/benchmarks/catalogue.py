"""Every benchmark suite: the folder of its local data, and who reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tasks.benchmarks import agieval, arc, bb_sub, bbeh, bbh, granularity, mentor_kd
from tasks.data_source import Source
from tasks.problem import Problem


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The local folder (or file) that must be there, the reader of one task, and of all."""

    folder: str
    of_task: Callable[[Source, str], list[Problem]]
    everything: Callable[[Source], list[Problem]]


def _one_task(folder: str, read: Callable[[Source, str], list[Problem]], task: str) -> Benchmark:
    """A suite that is a single task."""
    return Benchmark(folder, read, lambda source: read(source, task))


BENCHMARKS = {
    "bbh": Benchmark("bbh", bbh.task_problems, bbh.problems),
    "bb_sub": Benchmark("bb_sub", bb_sub.task_problems, bb_sub.problems),
    "agieval_en": Benchmark("agieval", agieval.task_problems, agieval.problems),
    "arc_easy": _one_task("arc", arc.task_problems, "arc_easy"),
    "arc_challenge": _one_task("arc", arc.task_problems, "arc_challenge"),
    "mentor_kd": Benchmark("mentor_kd", mentor_kd.task_problems, mentor_kd.problems),
    "mentor_kd_longer": Benchmark("mentor_kd", mentor_kd.longer_problems, mentor_kd.all_longer),
    "asdiv": _one_task("mentor_kd", mentor_kd.task_problems, "asdiv"),
    "granularity": Benchmark("granularity", granularity.task_problems, granularity.problems),
    "bbeh": Benchmark("bbeh/benchmark_tasks", bbeh.task_problems, bbeh.problems),
    "bbeh_mini": _one_task("bbeh", bbeh.task_problems, bbeh.MINI),
}
