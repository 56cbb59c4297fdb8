"""A benchmark: its rows as problems, and the problems as docs that lm-eval asks.

In the project the adapter would be `tasks/benchmarks/riddles.py`, the function `docs` one of
`tasks/lm_eval_docs.py`, the YAML `tasks/ood/riddles/riddles.yaml`, and `tasks/suites.py` would have
a line for it. Under the stock command it runs from here: lm_eval run --include_path
examples/benchmark
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tasks.data_source import adapt
from tasks.docs import Docs, docs_of
from tasks.files import read_json
from tasks.problem import Problem
from tasks.scoring.option_list import option_label, with_options

FILE = Path(__file__).with_name("riddles.json")


def problems(file: Path = FILE) -> list[Problem]:
    """All riddles in the file's order; UserError names the file and the first row at fault."""
    return adapt(read_json(file, list), _problem, str(file))


def docs(limit: int | None = None, **_: Any) -> Docs:
    """The riddles as lm-eval wants them; `limit` takes a random subset, always the same."""
    return docs_of(problems(), "riddles", "ood", "local", limit)


def _problem(index: int, row: Mapping[str, Any]) -> Problem:
    options = tuple(row["choices"])
    return Problem(
        id=f"riddles/{index}",
        task="riddles",
        description="Solve the riddle.",
        question=with_options(row["riddle"], options),
        golds=(option_label(row["right"]),),
        answer_type="choice",
        # Riddles of one story are no independent evidence.
        cluster=f"riddles/{row['story']}",
        options=options,
    )


if __name__ == "__main__":
    for problem in problems():
        print(problem.question, problem.golds[0], "", sep="\n")
