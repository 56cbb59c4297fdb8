"""The experiment: what is compared, on what, how, and which claim is tested."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    PlainValidator,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from harness.running.data_sources import DataSource, Seed, TrainOn
from harness.running.method_spec import NAME, MethodSpec
from harness.running.planned_decoding import PlannedDecoding
from reports.logs.plan import Planned
from tasks.errors import UserError
from tasks.problem import Role
from tasks.suites import suite
from trainers.methods import load_method
from trainers.model_shape import ModelShape
from trainers.protocol import LayoutName
from trainers.settings import Settings, TrainingSettings


def _jobs(value: Any) -> int | Literal["auto"]:
    if value == "auto" or (type(value) is int and value > 0):
        return value  # type: ignore[no-any-return]
    raise ValueError("expected a number of workers above 0, or auto")


Jobs = Annotated[int | Literal["auto"], PlainValidator(_jobs)]
# Which epoch's checkpoint is evaluated; `ind_test`, as some papers have it: the one that is best on
# the in-domain test set itself.
Select = Literal["last_epoch", "dev_accuracy", "ind_test"]
SUITE_NAME = r"^[A-Za-z0-9][A-Za-z0-9._+-]*(:[A-Za-z0-9._+=,\[\]-]+)?$"


class StudentSpec(Settings):
    """A student: where its weights come from, and the layout that it is trained and asked in.

    `thinking` puts its rationales between think tags. `shape` is for a dry run that cannot load it.
    """

    name: str = Field(pattern=NAME)
    source: str
    shape: ModelShape | None = None
    layout: LayoutName = "plain"
    thinking: bool = False

    @model_validator(mode="after")
    def _thinks_in_a_chat(self) -> StudentSpec:
        if self.thinking and self.layout == "plain":
            raise ValueError("thinking needs layout: chat; a plain text has no think tags")
        return self

    @model_serializer(mode="wrap")
    def _as_before_layouts(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Runs and plans of plain students read as those from before there were layouts."""
        content: dict[str, Any] = handler(self)
        if self.layout == "plain":
            del content["layout"], content["thinking"]
        return content


class SuiteSpec(Settings):
    """A suite to evaluate on: one of the known ones or a part of it ("bbh:navigate"), or a record
    file with a role of its own.
    """

    name: str = Field(pattern=SUITE_NAME)
    role: Role | None = None
    file: Path | None = None
    limit: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _known_or_own(self) -> SuiteSpec:
        if self.file is None:
            _checked(suite, self.name, self.name)
            if self.role is not None:
                raise ValueError("a known suite has its role; give one only with a file")
        elif self.role is None:
            raise ValueError("a suite from a file needs a role: ind or ood")
        return self


class StoredCompletions(Settings):
    """Completions of someone else (a teacher), scored beside the students on one suite.

    `path` holds JSONL files in the form of the teacher completions, relative to the data directory.
    """

    name: str = Field(pattern=NAME)
    path: Path
    suite: str


class Sampling(Settings):
    """How the reasoning space is explored: several sampled rationales for a part of the items.

    `suites` are names of the experiment's suites (default: all), `limit` the items of each task.
    """

    samples: int = Field(default=8, ge=2)
    temperature: float = Field(default=0.7, gt=0)
    top_p: float = Field(default=0.95, gt=0, le=1)
    suites: tuple[str, ...] = ()
    limit: int | None = Field(default=None, gt=0)


class Probing(Settings):
    """Whether the answer is preset: what students would answer without their rationale or with
    another.

    `suites` are names of the experiment's suites (default: all), `limit` the items of each task.
    """

    suites: tuple[str, ...] = ()
    limit: int | None = Field(default=None, gt=0)


class Experiment(Settings):
    """A whole experiment, fixed before anything is trained."""

    name: str = Field(pattern=NAME)
    description: str = ""
    students: tuple[StudentSpec, ...] = Field(min_length=1)
    methods: tuple[MethodSpec, ...] = Field(min_length=1)
    seeds: tuple[Seed, ...] = Field(min_length=1)
    answer_weight: float = Field(default=0.3, ge=0, le=1)
    data: DataSource
    train_on: TrainOn = "correct"
    train_limit: int | None = Field(default=None, gt=0)
    training: TrainingSettings = TrainingSettings()
    select: Select = "last_epoch"
    dev_limit: int | None = Field(default=None, gt=0)
    suites: tuple[SuiteSpec, ...] = Field(min_length=1)
    test_items_per_family: int = Field(default=50, gt=0)
    test_seed: Seed = 0
    stored: tuple[StoredCompletions, ...] = ()
    decoding: PlannedDecoding = PlannedDecoding()
    sampling: Sampling | None = None
    probing: Probing | None = None
    primary: Planned | None = None
    family: tuple[Planned, ...] = ()
    jobs: Jobs = 1
    threads: int | None = Field(default=None, gt=0)
    workers: Literal["local", "ray"] = "local"

    @field_validator("methods", "suites", mode="before")
    @classmethod
    def _names_alone(cls, entries: Any) -> Any:
        """`- cascod` is short for `- {name: cascod}`."""
        if not isinstance(entries, list):
            return entries
        return [{"name": entry} if isinstance(entry, str) else entry for entry in entries]

    @field_validator("methods")
    @classmethod
    def _labels(cls, methods: tuple[MethodSpec, ...]) -> tuple[MethodSpec, ...]:
        return tuple(m if m.label else m.model_copy(update={"label": m.name}) for m in methods)

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        labels = [m.label for m in self.methods]
        named: dict[str, list[str]] = {
            "students": [s.name for s in self.students] + [s.name for s in self.stored],
            "methods": labels,
            "seeds": [str(seed) for seed in self.seeds],
            "suites": [s.name for s in self.suites],
        }
        for what, names in named.items():
            if repeated := next((n for n, count in Counter(names).items() if count > 1), None):
                raise ValueError(f"{what}: {repeated!r} is named twice")
        self._check_phases()
        self._check_cutting()
        if self.select == "ind_test" and "ind" not in {
            s.role or suite(s.name).role for s in self.suites
        }:
            raise ValueError("select: ind_test needs a suite with the role ind")
        self._check_plan(labels)
        for key, part in (("sampling", self.sampling), ("probing", self.probing)):
            for name in part.suites if part else ():
                if name not in named["suites"]:
                    raise ValueError(f"{key}.suites: {name!r} is not among the suites")
        for stored in self.stored:
            if stored.suite not in [s.name for s in self.suites]:
                raise ValueError(f"stored: suite {stored.suite!r} is not among the suites")
        trains = any(load_method(m.name).rows is not None for m in self.methods)
        if self.decoding.is_auto and not trains:
            raise ValueError(
                "decoding.max_rationale_tokens: auto takes the length of training rationales, and "
                "no method here trains; give a number of tokens"
            )
        if trains and (server := self.decoding.asked_server) and server.base_url:
            raise ValueError(
                "decoding.server.base_url: a server that is there has no students that are trained "
                "here; give decoding.server.command, which is started for each of them"
            )
        return self

    def _check_phases(self) -> None:
        names = [m.name for m in self.methods]
        for name in names:
            first = load_method(name).starts_from
            if first is not None and first not in names:
                raise ValueError(f"methods: {name} starts from {first}'s students; add {first}")

    def _check_cutting(self) -> None:
        training = self.training
        if training.devices == 1 and training.micro_batch_tokens is None:
            return
        key = "devices" if training.devices > 1 else "micro_batch_tokens"
        for method in (load_method(spec.name) for spec in self.methods):
            if method.objective != "sft":
                raise ValueError(
                    f"training.{key}: {method.name} goes through a trainer of TRL's own, which "
                    "cuts its steps itself, on one device; run it in an experiment of its own"
                )

    def _check_plan(self, labels: list[str]) -> None:
        if self.family and not self.primary:
            raise ValueError("family: name the primary comparison first")
        planned = ([("primary", self.primary)] if self.primary else []) + [
            (f"family.{number}", comparison) for number, comparison in enumerate(self.family)
        ]
        roles = {s.role or suite(s.name).role for s in self.suites}
        seen = set()
        for path, comparison in planned:
            for system in (comparison.treatment, comparison.baseline):
                if system not in labels:
                    raise ValueError(
                        f"{path}: {system!r} is no method of this experiment ({', '.join(labels)})"
                    )
            needed = {"ind", "ood"} if comparison.contrast == "gap" else {comparison.contrast}
            if lacking := needed - roles:
                raise ValueError(f"{path}.contrast: no suite has the role {min(lacking)!r}")
            key = (comparison.treatment, comparison.baseline, comparison.contrast)
            if key in seen:
                raise ValueError(f"{path}: this comparison is planned twice")
            seen.add(key)


def _checked(check: Any, name: str, value: str) -> str:
    try:
        check(name)
    except UserError as error:
        raise ValueError(str(error)) from None
    return value
