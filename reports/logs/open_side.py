"""A side from whatever path a user gives: logged samples, a table of scores or a baseline file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from reports.logs.baseline_file import read_baseline
from reports.logs.clusters import clusters_from_file
from reports.logs.inspect_logs import inspect_files, read_inspect_side
from reports.logs.sample_files import SAMPLES, has_samples
from reports.logs.samples import Side, read_side
from reports.logs.score_table import read_table_side, read_table_sides, table_place
from tasks.errors import UserError


@dataclass(frozen=True, slots=True)
class Reading:
    """How samples are read.

    The metric (or scorer, or column) and the filter where logs hold several; `cluster` is a field
    of the docs that items of one cluster share, or a file of item to cluster.
    """

    metric: str | None = None
    filter_name: str | None = None
    cluster: str | None = None

    @property
    def cluster_file(self) -> Path | None:
        """The file of clusters, if that is what `cluster` names."""
        return Path(self.cluster) if self.cluster and Path(self.cluster).is_file() else None

    @property
    def cluster_field(self) -> str | None:
        """The field of the docs, if that is what `cluster` names."""
        return None if self.cluster_file else self.cluster


def open_side(
    path: Path,
    *,
    metric: str | None = None,
    filter_name: str | None = None,
    cluster: str | None = None,
) -> Side:
    """The runs at `path` as one system: samples of lm-eval, logs of Inspect, a system of a table
    (`scores.csv#name`), a baseline file.

    UserError where there are none, or where a directory holds samples of both harnesses.
    """
    return open_as(path, Reading(metric, filter_name, cluster))


def open_as(path: Path, reading: Reading) -> Side:
    """As `open_side`."""
    return _clustered(_opened(path, reading), reading)


def open_systems(path: Path, reading: Reading) -> Iterator[Side]:
    """As `open_side`, but a table without a system's name is all of its systems."""
    place = table_place(path)
    if place is None or place.system is not None:
        yield open_as(path, reading)
        return
    _refuse_filter(path, reading, "a table")
    sides = read_table_sides(place.path, metric=reading.metric, cluster=reading.cluster_field)
    yield from (_clustered(side, reading) for side in sides.values())


def _opened(path: Path, reading: Reading) -> Side:
    if place := table_place(path):
        _refuse_filter(path, reading, "a table")
        return read_table_side(place, metric=reading.metric, cluster=reading.cluster_field)
    samples = has_samples(path)
    inspect = bool(inspect_files(path))
    if samples and inspect:
        raise UserError(
            f"{path}: holds samples of lm-eval and logs of Inspect; give a directory of one kind"
        )
    if inspect:
        _refuse_filter(path, reading, "logs of Inspect")
        return read_inspect_side(path, metric=reading.metric, cluster=reading.cluster_field)
    if path.is_dir():
        return read_side(
            path,
            metric=reading.metric,
            filter_name=reading.filter_name,
            cluster=reading.cluster_field,
        )
    if path.is_file() and path.match(SAMPLES):
        raise UserError(f"{path}: one file of samples; give the directory that it lies in")
    return read_baseline(path)


def system_name(path: Path, side: Side) -> str:
    """What the system at a path is called: as in its table, or as its directory or file."""
    if place := table_place(path):
        return side.name.removeprefix(f"{place.path}#")
    return path.resolve().name.removesuffix(".json.gz").removesuffix(".eval")


def _refuse_filter(path: Path, reading: Reading, what: str) -> None:
    if reading.filter_name is not None:
        raise UserError(f"{path}: --filter has no meaning for {what}; leave it out")


def _clustered(side: Side, reading: Reading) -> Side:
    if (file := reading.cluster_file) is None:
        return side
    return replace(side, items=clusters_from_file(file, side.items))
