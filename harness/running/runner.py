"""Run an experiment, and resume where an earlier run stopped."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from harness.running.cells import cells, noise_floor_cells
from harness.running.experiment import Experiment
from harness.running.prepare import prepare
from harness.running.run_cells import run_cells
from harness.running.run_directory import RunDirectory
from harness.running.workplace import workplace
from reports.logs.plan import register


def run_experiment(
    experiment: Experiment,
    root: Path,
    *,
    data_dir: Path | None,
    console: Console,
    noise_floor: bool = False,
    allow_overlap: bool = False,
    ray_address: str | None = None,
) -> RunDirectory:
    """Run everything of the experiment that `root` does not hold yet, except the report.

    With `noise_floor` one cell of each student is run a second time. Where Ray's workers do it,
    `ray_address` names the cluster; by default it is the one that this machine is part of.
    """
    from harness.quiet import quiet_libraries

    run = RunDirectory(root)
    extra = noise_floor_cells(experiment) if noise_floor else []
    with run.locked():
        run.claim(experiment)
        todo = cells(experiment) + extra
        with workplace(experiment, run, ray_address) as hire:
            with quiet_libraries():
                context = prepare(
                    run, experiment, data_dir, console, todo, allow_overlap=allow_overlap
                )
            content = experiment.model_dump(mode="json", exclude_none=True)
            register(run.root, content, context.evidence)
            workforce = hire(context, len(todo))
            console.print(workforce.why)
            run_cells(context, todo, workforce, console)
    return run
