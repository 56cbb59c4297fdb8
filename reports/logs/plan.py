"""The plan before the data: what an experiment means to test, fixed when training starts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError

from reports.logs.evidence import Evidence, foreign_cells
from reports.logs.run_files import EXPERIMENT_FILE, PLAN_FILE, SeedRun
from reports.statistics.answers import Answers
from tasks.errors import UserError
from tasks.files import read_json, write_json

SCHEMA = "cascod-plan/1"
# The keys of an experiment that decide what is tested and on what evidence.
PLANNED = (
    "primary",
    "family",
    "students",
    "methods",
    "seeds",
    "suites",
    "test_items_per_family",
    "test_seed",
)

# To these more may be added later: the plan stays, and what is added is exploratory.
EXTENSIBLE = ("seeds", "methods", "suites")
# Where a plan keeps what it is to be tested on.
FINGERPRINTS = "fingerprints"

Standing = Literal["kept", "changed", "unregistered"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A claim fixed before training: treatment beats baseline on the named contrast, by a margin.

    `answers` says how a response counts that was cut off before it answered. By its forced answer,
    unless said otherwise: that treats all methods alike, whereas as written a method loses what
    its students had no room to say.

    The one definition of it: the experiment's YAML is checked by this, and read back by this.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    treatment: str
    baseline: str
    contrast: Literal["ood", "ind", "gap"] = "ood"
    margin: Annotated[float, Field(ge=0, lt=1)] = 0.0
    answers: Answers = "forced"


@dataclass(frozen=True, slots=True)
class Plan:
    """The primary comparison, and the others of its confirmatory family."""

    primary: Planned
    family: tuple[Planned, ...] = ()

    @property
    def all(self) -> tuple[Planned, ...]:
        """Every confirmatory comparison, the primary one first."""
        return (self.primary, *self.family)


@dataclass(frozen=True, slots=True)
class Added:
    """What came to an experiment after its plan was registered, by name; no change of the plan."""

    seeds: tuple[int, ...] = ()
    methods: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.seeds or self.methods or self.suites)


@dataclass(frozen=True, slots=True)
class Registration:
    """Whether an experiment is still what was registered when its training started.

    `changes` says what of the plan is not, `foreign` which cells rest on other data than it names.
    """

    standing: Standing
    fingerprint: str | None
    registered: str | None
    changes: tuple[str, ...]
    foreign: tuple[str, ...] = ()
    added: Added = Added()


def plan_of(experiment: Mapping[str, Any]) -> Plan | None:
    """The experiment's plan; None where it fixed no primary comparison. UserError if it is
    broken.
    """
    if not experiment.get("primary"):
        return None
    content = {key: experiment[key] for key in ("primary", "family") if experiment.get(key)}
    try:
        return TypeAdapter(Plan).validate_python(content)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise UserError(f"{EXPERIMENT_FILE}: {place}: {fault['msg']}") from None


def register(
    run_dir: Path, experiment: Mapping[str, Any], evidence: Evidence | None = None
) -> None:
    """Write the plan, and what it is to be tested on, beside the run, unless one is there
    already.
    """
    path = run_dir / PLAN_FILE
    if path.exists():
        return
    plan = _kept(experiment)
    if evidence:
        plan[FINGERPRINTS] = evidence.to_row()
    content = {
        "schema": SCHEMA,
        "registered": datetime.now(UTC).isoformat(timespec="seconds"),
        "fingerprint": fingerprint(plan),
        "plan": plan,
    }
    write_json(path, content)


def registered_evidence(run_dir: Path) -> Evidence:
    """What the plan was registered to be tested on; empty where there is none, or an old one."""
    return Evidence.of(_plan_of(_registered(run_dir)).get(FINGERPRINTS) or {})


def registration(
    run_dir: Path, experiment: Mapping[str, Any], runs: Iterable[SeedRun] = ()
) -> Registration:
    """How the experiment, and the data of its evaluated cells, stand to the registered plan."""
    content = _registered(run_dir)
    foreign = tuple(foreign_cells(registered_evidence(run_dir), runs))
    if not content:
        return Registration("unregistered", None, None, (), foreign)
    then, now = _plan_of(content), _kept(experiment)
    changes = tuple(_changes(then, now))
    if content.get("fingerprint") != fingerprint(then):
        changes = (f"{PLAN_FILE} itself was edited", *changes)
    return Registration(
        "changed" if changes or foreign else "kept",
        content.get("fingerprint"),
        content.get("registered"),
        changes,
        foreign,
        Added(
            **{
                key: tuple(_name(entry) for entry in _beyond(then.get(key), now.get(key)))
                for key in EXTENSIBLE
            }
        ),
    )


def _registered(run_dir: Path) -> dict[str, Any]:
    """The content of the plan file, empty where there is none."""
    path = run_dir / PLAN_FILE
    content: dict[str, Any] = read_json(path, needed=False)
    if not isinstance(_plan_of(content), dict):
        raise UserError(f"{path}: plan: expected a mapping")
    return content


def _plan_of(content: Mapping[str, Any]) -> Any:
    return content.get("plan") or {}


def fingerprint(plan: Mapping[str, Any]) -> str:
    """sha256 of a plan's canonical JSON."""
    text = json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _kept(experiment: Mapping[str, Any]) -> dict[str, Any]:
    # Through JSON, so that tuples and lists, and whatever YAML made of a scalar, compare alike.
    plan = {key: experiment[key] for key in PLANNED if experiment.get(key)}
    return dict(json.loads(json.dumps(plan, default=str)))


def is_extended(then: Any, now: Any) -> bool:
    """Whether `now` holds every entry of `then`, unchanged, and perhaps others."""
    return all(entry in (now or []) for entry in then or [])


def _beyond(then: Any, now: Any) -> Iterator[Any]:
    yield from (entry for entry in now or [] if entry not in (then or []))


def _name(entry: Any) -> Any:
    return entry.get("label") or entry["name"] if isinstance(entry, dict) else entry


def _in_full(planned: Any) -> Any:
    """A comparison, or several, with what plans of before left unsaid."""
    if isinstance(planned, list):
        return [_in_full(each) for each in planned]
    names_a_pair = isinstance(planned, dict) and "treatment" in planned
    return {"answers": "forced", **planned} if names_a_pair else planned


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for key in PLANNED:
        if key in EXTENSIBLE and is_extended(then.get(key), now.get(key)):
            continue
        if _in_full(then.get(key)) != _in_full(now.get(key)):
            was, is_ = (json.dumps(each.get(key), ensure_ascii=False) for each in (then, now))
            yield f"{key} was {was}, is {is_}"
