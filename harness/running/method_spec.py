"""A method as an experiment names it, with what differs from its own or the experiment's."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field, field_validator, model_validator

from tasks.errors import UserError
from trainers.method import Method
from trainers.methods import load_method
from trainers.settings import Settings

NAME = r"^[A-Za-z0-9][A-Za-z0-9._+-]*$"


class MethodSpec(Settings):
    """A method, its answer weight where that differs from the experiment's, and its learning rate
    where that differs from the method's own or the experiment's.

    `label` tells two settings of one method apart. `teacher` is a student's source (a checkpoint,
    a hub id, a known one) whose weights judge what the student writes, `rounds` how often a student
    that writes its own chains does.
    """

    name: str
    label: str = Field(default="", pattern=f"{NAME}|^$")
    answer_weight: float | None = Field(default=None, ge=0, le=1)
    learning_rate: float | None = Field(default=None, gt=0)
    teacher: str | None = None
    rounds: int | None = Field(default=None, gt=0)

    @field_validator("name")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            load_method(name)
        except UserError as error:
            raise ValueError(str(error)) from None
        return name

    @model_validator(mode="after")
    def _takes_what_is_given(self) -> MethodSpec:
        if (load_method(self.name).objective == "on_policy") != (self.teacher is not None):
            verb = "needs" if self.teacher is None else "takes no"
            raise ValueError(f"{self.name} {verb} teacher, the source of a larger student")
        if self.rounds and not load_method(self.name).rounds:
            raise ValueError(f"{self.name} takes no rounds; it trains on the records as they are")
        return self

    @property
    def method(self) -> Method:
        """The method itself, with its own learning rate and rounds or those given here."""
        own = load_method(self.name)
        return replace(
            own,
            learning_rate=self.learning_rate or own.learning_rate,
            rounds=self.rounds or own.rounds,
        )


def teacher_key(source: str) -> str:
    """The name of a teacher among a run's students; no student is called so."""
    return f"teacher:{source}"
