"""What every cell of a run shares."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.decoding.decoding_settings import DecodingSettings
from harness.running.experiment import Experiment, Sampling, StudentSpec
from harness.running.method_spec import MethodSpec
from harness.running.run_directory import Cell, RunDirectory
from reports.logs.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Context:
    """Where a run lies, and what was made ready for its cells.

    `evidence` holds the fingerprints of what all cells rest on. `locations` maps students' names to
    checkpoint directories or hub ids, `rationale_limits` to what training rationales set as a
    limit.
    """

    run: RunDirectory
    experiment: Experiment
    data_dir: Path | None
    evidence: Evidence
    locations: dict[str, str]
    rationale_limits: dict[str, int]

    def folder(self, cell: Cell) -> Path:
        """Where a cell lies."""
        return self.run.cell(cell)

    def decoding(self, student: str) -> DecodingSettings:
        """How a student is decoded; who stored completions is not, so any limit will do."""
        no_limit = DecodingSettings().max_rationale_tokens
        return self.experiment.decoding.settled(self.rationale_limits.get(student, no_limit))

    def sampling(self, student: str) -> DecodingSettings:
        """How a student is decoded where it is to say something else each time."""
        sampling = self.experiment.sampling or Sampling()
        return self.decoding(student).model_copy(
            update={"temperature": sampling.temperature, "top_p": sampling.top_p}
        )

    def method(self, cell: Cell) -> MethodSpec:
        """A cell's method as the experiment names it."""
        return next(m for m in self.experiment.methods if m.label == cell.method)

    def student(self, cell: Cell) -> StudentSpec:
        """A cell's student as the experiment names it."""
        return next(s for s in self.experiment.students if s.name == cell.student)
