"""Where an experiment's training records come from: the `data` section of its file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from tasks.procedural.suite import Dual, Paths
from tasks.records.choose_chains import Choice
from tasks.records.mix import Half
from trainers.settings import Settings

Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]  # what NumPy takes


class EmbeddedData(Settings):
    """Training records generated here: see `tasks.procedural.suite.training_records`."""

    source: Literal["embedded"]
    per_family: int = Field(gt=0)
    seed: Seed = 0
    rho: float = Field(default=0.0, ge=0, le=1)
    noise: float = Field(default=0.0, ge=0, le=1)
    paths: Paths = "all"
    dual: Dual | None = None


class BBHTeacherData(Settings):
    """The teacher completions of BIG-Bench Hard in the data directory, split as the paper does.

    `rectified`, in the data directory, too: completions of a teacher that was told the right
    answer, paired with the wrong ones of the train split.
    """

    source: Literal["bbh_teacher"]
    rectified: Path | None = None


class ChosenChains(Settings):
    """Of several chains of a question `chains_each` are kept: drawn (by default), or the most
    different ones.
    """

    chains_each: int | None = Field(default=None, gt=0)
    choose: Choice | None = None

    @model_validator(mode="after")
    def _enough_to_choose(self) -> ChosenChains:
        if self.choose == "random" and self.chains_each is None:
            raise ValueError("choose: random needs chains_each, how many of a question to draw")
        if self.choose == "diverse" and (self.chains_each or 0) < 2:
            raise ValueError("choose: diverse needs chains_each of 2 or more")
        return self


class RecordsData(ChosenChains):
    """Record files of one's own, as `cascod data import` writes them."""

    source: Literal["records"]
    train: Path
    dev: Path | None = None


class MixPart(Settings):
    """A record file and its share, or of each task's chains in it the longer or shorter half."""

    file: Path
    share: float = Field(ge=0)
    half: Half | None = None


class MixData(ChosenChains):
    """Several record files together: shares count against their sum.

    `records` in all; by default as many as there can be without a part running short.
    """

    source: Literal["mix"]
    parts: dict[str, MixPart] = Field(min_length=2)
    records: int | None = Field(default=None, gt=0)
    dev: Path | None = None

    @field_validator("parts")
    @classmethod
    def _something(cls, parts: dict[str, MixPart]) -> dict[str, MixPart]:
        if not any(part.share for part in parts.values()):
            raise ValueError("one part at least needs a share above 0")
        return parts


DataSource = Annotated[
    EmbeddedData | BBHTeacherData | RecordsData | MixData, Field(discriminator="source")
]


class RationaleFilter(Settings):
    """Train on rationales of at least this score (`tasks.quality.assess`), on those that people
    found right (or on all that they did not find wrong), or where both hold.

    `answers` says whether those that lead to a wrong answer are left out besides.
    """

    quality: float | None = Field(default=None, ge=0, le=1)
    review: Literal["right", "not_wrong"] | None = None
    answers: Literal["correct", "all"] = "correct"

    @model_validator(mode="after")
    def _of_something(self) -> RationaleFilter:
        if self.quality is None and self.review is None:
            raise ValueError("give quality, review or both; for answers alone write correct or all")
        return self


def _kind_of_choice(value: Any) -> str:
    return "answers" if isinstance(value, str) else "rationales"


# Which records are trained on: by their answers alone, or by what checks or people say of their
# rationales as well.
TrainOn = Annotated[
    Annotated[Literal["correct", "all"], Tag("answers")]
    | Annotated[RationaleFilter, Tag("rationales")],
    Discriminator(_kind_of_choice),
]
