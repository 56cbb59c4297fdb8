"""Segments to token rows: where BOS, EOS, labels and loss groups stand. Shared by all methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from tasks.errors import UserError
from tasks.records.record import CoTRecord
from trainers.layouts.choose import layout_of, settled
from trainers.layouts.layout import Layout
from trainers.layouts.plain import plain_layout
from trainers.method import Method, Row, Segment
from trainers.protocol import LayoutName, Protocol
from trainers.token_differences import shared_places

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

IGNORED = -100
NO_GROUP = -1

TooLong = Literal["refuse", "skip"]


@dataclass(frozen=True, slots=True)
class EncodedRow:
    """One row of tokens, all lists of equal length.

    `labels[i]` is the token that must follow `input_ids[:i]`, IGNORED where nothing is learned; it
    differs from `input_ids[i]` only where EOS closes a target and another segment goes on.
    `groups[i]` indexes the loss group of `labels[i]`, NO_GROUP where it is IGNORED.
    """

    input_ids: list[int]
    labels: list[int]
    groups: list[int]


@dataclass(frozen=True, slots=True)
class EncodedRecords:
    """The rows of each record, and the ids of records left out because they exceed the context.

    `protocol` is how a student that learns these rows is to be asked.
    """

    rows: list[list[EncodedRow]]
    skipped: list[str]
    protocol: Protocol

    @property
    def tokens(self) -> int:
        """Tokens that one epoch feeds to the student, padding not counted."""
        return sum(len(row.input_ids) for rows in self.rows for row in rows)

    @property
    def target_tokens(self) -> int:
        """Tokens that one epoch takes a loss on."""
        return sum(label != IGNORED for rows in self.rows for row in rows for label in row.labels)


def encode_row(layout: Layout, row: Row, group_index: dict[str, int]) -> EncodedRow:
    """Encode a row as the layout spells it; UserError where a turn has to end and the student has
    no token for that.
    """
    return _encoded(layout, layout.spelled(row), group_index)


def encode_text(tokenizer: Any, text: Sequence[Segment], group_index: dict[str, int]) -> EncodedRow:
    """Encode a plain text that replies to nothing; errors as for `encode_row`."""
    return _encoded(plain_layout(tokenizer), text, group_index)


def _encoded(
    layout: Layout, segments: Sequence[Segment], group_index: dict[str, int]
) -> EncodedRow:
    """Encode segment by segment, the first one as a prompt.

    Where a target that closes with EOS (the layout's end of a turn) is followed by another segment,
    EOS becomes the label of that segment's first position instead of a token of its own, so that a
    cascade needs one row, not two. If that segment is a target itself, it is learned from its
    second token on.
    """
    input_ids: list[int] = []
    labels: list[int] = []
    groups: list[int] = []
    closing: int | None = None
    for index, segment in enumerate(segments):
        ids = layout.encode(segment.text) if index == 0 else layout.continued(segment.text)
        group = NO_GROUP if segment.group is None else group_index[segment.group]
        segment_labels = [IGNORED] * len(ids) if segment.group is None else list(ids)
        segment_groups = [group] * len(ids)
        if closing is not None:
            if not ids:
                raise ValueError("a target closed by EOS needs a segment of >= 1 token next")
            segment_labels[0], segment_groups[0] = _end_of_turn(layout), closing
        closing = group if segment.eos else None
        input_ids += ids
        labels += segment_labels
        groups += segment_groups
    if closing is not None:
        input_ids.append(_end_of_turn(layout))
        labels.append(_end_of_turn(layout))
        groups.append(closing)
    return EncodedRow(input_ids, labels, groups)


def encode_records(
    tokenizer: PreTrainedTokenizerBase,
    method: Method,
    records: Sequence[CoTRecord],
    *,
    max_length: int,
    too_long: TooLong = "refuse",
    layout: LayoutName = "plain",
    thinking: bool = False,
) -> EncodedRecords:
    """All rows of the records that the method trains on, in a layout; nothing is ever cut, so no
    answer is ever lost.

    A record with a row over `max_length` tokens is refused with its id, or left out and reported
    when `too_long` is "skip".
    """
    if method.rows is None:
        raise ValueError(f"{method.name} has no training rows")
    protocol = settled(method.protocol(None, "", layout=layout, thinking=thinking), tokenizer)
    laid_out = layout_of(protocol, tokenizer)
    group_index = {name: i for i, name in enumerate(method.weights(0.5))}
    kept: list[list[EncodedRow]] = []
    over: list[tuple[str, int]] = []
    for record in method.chosen(records):
        rows = [encode_row(laid_out, row, group_index) for row in method.rows(record)]
        if method.shared is not None:
            rows = set_shared_apart(rows, group_index[method.shared])
        longest = max(len(row.input_ids) for row in rows)
        if longest > max_length:
            over.append((record.id, longest))
        else:
            kept.append(rows)
    if over and too_long == "refuse":
        name, length = over[0]
        raise UserError(
            f"record {name}: {length} tokens with {method.name}, the context holds {max_length}"
            f" ({len(over)} such records); raise training.max_length or set training.too_long: skip"
        )
    if not kept:
        raise UserError(f"no record fits a context of {max_length} tokens with {method.name}")
    return EncodedRecords(kept, [name for name, _ in over], protocol)


def set_shared_apart(rows: Sequence[EncodedRow], shared: int) -> list[EncodedRow]:
    """Two rows whose common targets are moved to the group `shared`."""
    targets = [[i for i, label in enumerate(row.labels) if label != IGNORED] for row in rows]
    labels = [[row.labels[i] for i in at] for row, at in zip(rows, targets, strict=True)]
    places = shared_places(*labels)
    apart = []
    for row, at, common in zip(rows, targets, places, strict=True):
        groups = list(row.groups)
        for place in common:
            groups[at[place]] = shared
        apart.append(replace(row, groups=groups))
    return apart


def as_columns(rows: Sequence[Sequence[EncodedRow]]) -> dict[str, list[Any]]:
    """Rows as columns of a `datasets.Dataset`: one example a record, each column a list over its
    rows.
    """
    return {
        name: [[getattr(row, name) for row in record_rows] for record_rows in rows]
        for name in EncodedRow.__dataclass_fields__
    }


def _end_of_turn(layout: Layout) -> int:
    if layout.end_of_turn is None:
        raise UserError(
            "the student's tokenizer names no EOS token, so no text of its could end; name one "
            "(eos_token), or use layout chat where it has a chat template"
        )
    return layout.end_of_turn
