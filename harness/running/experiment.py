"""The experiment: what is compared, on what, how, and which claim is tested. Read from YAML."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    Field,
    PlainValidator,
    SerializerFunctionWrapHandler,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)

from harness.decoding.decoding_settings import PlannedDecoding
from harness.running.preset_files import preset_names, preset_text
from reports.logs.plan import Planned
from tasks.errors import UserError
from tasks.files import parse_yaml, read_text, yaml_value
from tasks.problem import Role
from tasks.procedural.suite import Paths
from tasks.suites import suite
from trainers.methods import load_method
from trainers.model_shape import ModelShape
from trainers.protocol import LayoutName
from trainers.settings import Settings, TrainingSettings


def _jobs(value: Any) -> int | Literal["auto"]:
    if value == "auto" or (type(value) is int and value > 0):
        return value  # type: ignore[no-any-return]
    raise ValueError("expected a number of workers above 0, or auto")


Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]  # what NumPy takes
Jobs = Annotated[int | Literal["auto"], PlainValidator(_jobs)]
# Pydantic's names of the fault, in a model and in a dataclass.
UNKNOWN_KEY = {"extra_forbidden", "unexpected_keyword_argument"}
NAME = r"^[A-Za-z0-9][A-Za-z0-9._+-]*$"
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


class MethodSpec(Settings):
    """A method, and its answer weight where that differs from the experiment's.

    `label` tells two settings of one method apart.
    """

    name: str
    label: str = Field(default="", pattern=f"{NAME}|^$")
    answer_weight: float | None = Field(default=None, ge=0, le=1)

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        return _checked(load_method, name, name)


class EmbeddedData(Settings):
    """Training records generated here: see `tasks.procedural.suite.training_records`."""

    source: Literal["embedded"]
    per_family: int = Field(gt=0)
    seed: Seed = 0
    rho: float = Field(default=0.0, ge=0, le=1)
    noise: float = Field(default=0.0, ge=0, le=1)
    paths: Paths = "all"


class BBHTeacherData(Settings):
    """The teacher completions of BIG-Bench Hard in the data directory, split as the paper does."""

    source: Literal["bbh_teacher"]


class RecordsData(Settings):
    """Record files of one's own, as `cascod data import` writes them."""

    source: Literal["records"]
    train: Path
    dev: Path | None = None


class QualityFilter(Settings):
    """Train on rationales of at least this score (`tasks.quality.assess`).

    `answers` says whether those that lead to a wrong answer are left out besides.
    """

    quality: float = Field(ge=0, le=1)
    answers: Literal["correct", "all"] = "correct"


DataSource = Annotated[EmbeddedData | BBHTeacherData | RecordsData, Field(discriminator="source")]


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
    train_on: Literal["correct", "all"] | QualityFilter = "correct"
    train_limit: int | None = Field(default=None, gt=0)
    training: TrainingSettings = TrainingSettings()
    select: Literal["last_epoch", "dev_accuracy"] = "last_epoch"
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
        self._check_plan(labels)
        for key, part in (("sampling", self.sampling), ("probing", self.probing)):
            for name in part.suites if part else ():
                if name not in named["suites"]:
                    raise ValueError(f"{key}.suites: {name!r} is not among the suites")
        for stored in self.stored:
            if stored.suite not in [s.name for s in self.suites]:
                raise ValueError(f"stored: suite {stored.suite!r} is not among the suites")
        if self.training.batch_size % min(self.training.micro_batch_size, self.training.batch_size):
            raise ValueError("training.batch_size must be a multiple of training.micro_batch_size")
        trains = any(load_method(m.name).rows is not None for m in self.methods)
        if self.decoding.is_auto and not trains:
            raise ValueError(
                "decoding.max_rationale_tokens: auto takes the length of training rationales, and "
                "no method here trains; give a number of tokens"
            )
        return self

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


def load_experiment(name_or_path: str, overrides: dict[str, Any] | None = None) -> Experiment:
    """An experiment from a YAML file or a preset's name; UserError names the key that is wrong.

    `overrides` maps dotted keys ("training.epochs") to values that replace the file's.
    """
    text, where = _read(name_or_path)
    content = parse_yaml(text, where)
    for key, value in (overrides or {}).items():
        _override(content, key, value)
    try:
        return Experiment.model_validate(content)
    except ValidationError as error:
        raise UserError(f"{where}: {_first_fault(error)}") from None


def parse_overrides(assignments: Sequence[str]) -> dict[str, Any]:
    """`KEY=VALUE` arguments as dotted keys and YAML values."""
    overrides = {}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        if not equals or not key:
            raise UserError(f"--set {assignment}: expected KEY=VALUE")
        overrides[key] = yaml_value(value, f"--set {assignment}")
    return overrides


def dump_experiment(experiment: Experiment) -> str:
    """The resolved experiment as YAML that reads back as the same experiment."""
    return yaml.safe_dump(
        experiment.model_dump(mode="json", exclude_none=True), sort_keys=False, allow_unicode=True
    )


def _read(name_or_path: str) -> tuple[str, str]:
    path = Path(name_or_path)
    if path.is_file():
        return read_text(path), str(path)
    if name_or_path in preset_names():
        return preset_text(name_or_path), name_or_path
    raise UserError(
        f"{name_or_path}: no such file, and no preset of that name (presets: "
        f"{', '.join(preset_names())})"
    )


def _override(content: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = key.split(".")
    for parent in parents:
        content = content.setdefault(parent, {})
        if not isinstance(content, dict):
            raise UserError(f"--set {key}: {parent} is not a mapping")
    content[last] = value


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    # A discriminated union's tag is part of pydantic's location, but no key of the file.
    location = [part for part in fault["loc"] if part not in ("embedded", "bbh_teacher", "records")]
    path = ".".join(str(part) for part in location)
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    if fault["type"] in UNKNOWN_KEY:
        return f"{path}: unknown key{_closest(str(location[-1]), location[:-1])}{more}"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{path}: {message}{more}" if path else f"{message}{more}"


def _closest(key: str, parents: list[Any]) -> str:
    sections: dict[tuple[Any, ...], Collection[str]] = {
        (): Experiment.model_fields,
        ("training",): TrainingSettings.model_fields,
        ("decoding",): PlannedDecoding.model_fields,
        ("sampling",): Sampling.model_fields,
        ("probing",): Probing.model_fields,
        ("primary",): [field.name for field in fields(Planned)],
    }
    close = difflib.get_close_matches(key, sections.get(tuple(parents), ()), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _checked(check: Any, name: str, value: str) -> str:
    try:
        check(name)
    except UserError as error:
        raise ValueError(str(error)) from None
    return value
