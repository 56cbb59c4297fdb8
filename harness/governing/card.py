"""A data card of a record file, in the form of the Hugging Face Hub: YAML above Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import yaml

from harness.governing.learners import Learned, learned
from reports.rendering.markdown import escape, markdown_table
from reports.rendering.tables import Entry, Table
from tasks.personal_data.finding import CALLED, Finder, Kind
from tasks.personal_data.in_records import personal_data_in
from tasks.records.provenance import Provenance, provenance_of
from tasks.records.record import CoTRecord, read_records

NOT_SAID = "not said"
# Names that the hub has for licences; others are "other" there, with their name beside it.
HUB_LICENCES = frozenset(
    (
        *("apache-2.0", "mit", "bsd-3-clause", "mpl-2.0", "gpl-3.0", "lgpl-3.0", "agpl-3.0"),
        *("cc0-1.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0"),
        *("cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0"),
        *("cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "eupl-1.2", "etalab-2.0", "gfdl"),
        *("cdla-sharing-1.0", "cdla-permissive-1.0", "cdla-permissive-2.0"),
        *("odc-by", "odbl", "pddl"),
    )
)
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
HUGE = "1M<n<10M"


@dataclass(frozen=True, slots=True)
class Described:
    """What a card is made of: a file's records, the personal data found in so many of them
    (`holding`), whether names were looked for, and who learned them, None where nobody asked.
    """

    file: Path
    records: Sequence[CoTRecord]
    found: Counter[Kind]
    holding: int
    with_names: bool
    learned: Sequence[Learned] | None


def describe(
    file: Path, names: Sequence[Finder] = (), runs: Sequence[Path] | None = None
) -> Described:
    """Read a record file, look for personal data in it, and for its records in the runs."""
    records = read_records(file)
    found, holding = personal_data_in(records, names)
    return Described(
        file,
        records,
        found,
        holding,
        with_names=bool(names),
        learned=None if runs is None else learned(runs, records),
    )


def data_card(described: Described) -> str:
    """The card; facts that nobody stated are "not said"."""
    origins = [provenance_of(record) for record in described.records]
    front = yaml.safe_dump(_front_matter(described, origins), sort_keys=False, allow_unicode=True)
    return f"---\n{front}---\n" + "\n".join(_body(described, origins)) + "\n"


def _front_matter(described: Described, origins: Sequence[Provenance]) -> dict[str, object]:
    licences = sorted({each.terms.licence for each in origins if each.terms.licence})
    count = len(described.records)
    size = next((name for most, name in SIZES if count < most), HUGE)
    front: dict[str, object] = {"pretty_name": described.file.stem}
    if licences and all(name in HUB_LICENCES for name in licences):
        front["license"] = licences[0] if len(licences) == 1 else licences
    elif licences:
        front |= {"license": "other", "license_name": "-and-".join(map(_hub_name, licences))}
    return front | {
        "task_categories": ["text-generation"],
        "tags": ["chain-of-thought", "distillation"],
        "size_categories": [size],
        "configs": [{"config_name": "default", "data_files": described.file.name}],
    }


def _hub_name(licence: str) -> str:
    """The name as the hub takes one: small letters, digits, dots and hyphens."""
    return re.sub(r"[^a-z0-9.]+", "-", licence.casefold()).strip("-")


def _body(described: Described, origins: Sequence[Provenance]) -> Iterator[str]:
    records = described.records
    right = sum(record.teacher_correct for record in records)
    pairs = sum(record.dual is not None for record in records)
    yield f"\n# {escape(described.file.stem)}\n"
    yield (
        f"{len(records)} questions with a teacher's chain of thought; {right} chains lead to the "
        f"right answer, {pairs} have a wrong one beside them. SHA-256 of `{described.file.name}`: "
        f"`{sha256(described.file.read_bytes()).hexdigest()}`."
    )
    yield "\n## Where the chains come from"
    yield from _counted(
        "Chains by teacher",
        ("teacher", "model", "server", "written"),
        (
            (", ".join(e.teachers), ", ".join(e.models), ", ".join(e.servers), e.written)
            for e in origins
        ),
    )
    prompts = sorted({prompt for each in origins for prompt in each.prompts})
    yield f"Prompts (SHA-256): {', '.join(prompts) or NOT_SAID}."
    yield "\n## Terms"
    yield from _counted(
        "Records by terms",
        ("licence", "who may see them", "kept until"),
        ((e.terms.licence, e.terms.access, e.terms.keep_until) for e in origins),
    )
    yield "## Who read them"
    yield from _counted(
        "Records by review",
        ("found", "read by"),
        ((e.verdict or "not read", ", ".join(e.readers) or "nobody") for e in origins),
    )
    yield "## Personal data"
    yield from _personal_data(described)
    if described.learned is not None:
        yield "## Students that learned them"
        yield from _students(described.learned)


def _personal_data(described: Described) -> Iterator[str]:
    names = "names included" if described.with_names else "names and places were not looked for"
    yield (
        f"\nFound by form and checksum in {described.holding} of {len(described.records)} records "
        f"({names}); what was not found may still be there."
    )
    if described.found:
        yield from _table(
            "Findings",
            ("kind", "times"),
            [(CALLED[kind], count) for kind, count in described.found.most_common()],
        )


def _students(found: Sequence[Learned]) -> Iterator[str]:
    if not found:
        yield "\nNone in the runs that were looked at."
        return
    yield from _table(
        "Students by run",
        ("student", "its weights", "records"),
        [
            (str(student.folder), "there" if student.has_weights else "deleted", n)
            for run in found
            if (n := run.by_chain + run.by_id)
            for student in run.students
        ],
    )


def _counted(
    title: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> Iterator[str]:
    """Equal rows counted, the commonest first."""
    counts = Counter(tuple(cell or NOT_SAID for cell in row) for row in rows)
    yield from _table(title, (*columns, "records"), [(*row, n) for row, n in counts.most_common()])


def _table(
    title: str, columns: tuple[str, ...], rows: Iterable[tuple[str | int, ...]]
) -> Iterator[str]:
    cells = tuple(tuple(Entry(str(cell)) for cell in row) for row in rows)
    yield from markdown_table(Table(title, columns, cells, len(columns) - 1))
